using Quorate.Storage;

namespace Quorate.Node.Tests.Members;

/// <summary>A disk on which something else happens while a file gets its name.</summary>
internal sealed class CalledFileSystem(IFileSystem files, Action<string> renaming) : IFileSystem
{
    public void CreateDirectory(string path) => files.CreateDirectory(path);

    public bool FileExists(string path) => files.FileExists(path);

    public IReadOnlyList<string> List(string directory) => files.List(directory);

    public IFile Create(string path) => files.Create(path);

    public IFile Open(string path, bool writable) => files.Open(path, writable);

    public void Rename(string from, string to)
    {
        renaming(to);
        files.Rename(from, to);
    }

    public void Delete(string path) => files.Delete(path);

    public void DeleteDirectory(string path) => files.DeleteDirectory(path);

    public void SyncDirectory(string path) => files.SyncDirectory(path);

    public IDisposable? TryLock(string path) => files.TryLock(path);
}
