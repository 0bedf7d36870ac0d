namespace Quorate.Storage;

/// <summary>The disk of the machine.</summary>
public sealed class RealFileSystem : IFileSystem
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        var parent = Path.GetDirectoryName(Path.GetFullPath(path));
        if (parent is not null)
        {
            CreateDirectory(parent);
        }

        SystemFault.Guard(path, "make the directory", () => MakeDirectory(path));
        if (parent is not null)
        {
            SyncDirectory(parent);
        }
    }

    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string directory) => SystemFault.Guard(directory, "list", () =>
    {
        var names = Directory.GetFileSystemEntries(directory).Select(path => Path.GetFileName(path)).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    });

    /// <inheritdoc/>
    public IFile Create(string path) =>
        SystemFault.Guard(path, "create", () => RealFile.Open(path, FileMode.CreateNew, FileAccess.ReadWrite));

    /// <inheritdoc/>
    public IFile Open(string path, bool writable) => SystemFault.Guard(
        path, "open", () => RealFile.Open(path, FileMode.Open, writable ? FileAccess.ReadWrite : FileAccess.Read));

    /// <inheritdoc/>
    public void Rename(string from, string to) =>
        SystemFault.Guard(from, "rename", () => File.Move(from, to, overwrite: true));

    /// <inheritdoc/>
    public void Delete(string path) => SystemFault.Guard(path, "delete", () => File.Delete(path));

    /// <inheritdoc/>
    public void DeleteDirectory(string path) => SystemFault.Guard(path, "remove", () => Directory.Delete(path));

    /// <inheritdoc/>
    public void SyncDirectory(string path) => SystemFault.Guard(path, "sync", () => DiskSync.Directory(path));

    /// <inheritdoc/>
    public IDisposable? TryLock(string path) => SystemFault.Guard<IDisposable?>(path, "lock", () =>
    {
        try
        {
            // Without sharing: an advisory lock on Unix, a share mode on Windows; both end with the process.
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (SystemFault.IsTaken(fault, PathRules.Current))
        {
            return null;
        }
    });

    private static void MakeDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }
}
