namespace Quorate.Storage;

/// <summary>The disk of the machine.</summary>
public sealed class RealFileSystem : IFileSystem
{
    /// <inheritdoc/>
    public void CreateDirectory(string path) => throw new NotSupportedException();

    /// <inheritdoc/>
    public bool FileExists(string path) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string directory) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IFile Create(string path) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IFile Open(string path, bool writable) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Rename(string from, string to) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Delete(string path) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void SyncDirectory(string path) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IDisposable? TryLock(string path) => throw new NotSupportedException();
}
