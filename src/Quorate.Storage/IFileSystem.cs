namespace Quorate.Storage;

/// <summary>
/// The disk as Storage sees it: synchronous, and every call may throw <see cref="StorageException"/>. What was not
/// synced, names included, may be lost or torn by a crash. <see cref="RealFileSystem"/> is the disk,
/// <see cref="MemoryFileSystem"/> keeps nothing; the simulator has its own.
/// </summary>
public interface IFileSystem
{
    /// <summary>
    /// Makes a directory that only its owner may enter (mode 0700 on Unix); its name is durable then. Fine if it
    /// exists.
    /// </summary>
    void CreateDirectory(string path);

    /// <summary>Whether there is a file of this name.</summary>
    bool FileExists(string path);

    /// <summary>Names of the files and directories in a directory, without its path, sorted ordinally.</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>Makes a new, empty, writable file; fails if there is one.</summary>
    IFile Create(string path);

    /// <summary>Opens a file that exists.</summary>
    IFile Open(string path, bool writable);

    /// <summary>Gives a file a name, replacing what had it; durable after <see cref="SyncDirectory"/>.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file; durable after <see cref="SyncDirectory"/>.</summary>
    void Delete(string path);

    /// <summary>Removes a directory that is empty; durable after <see cref="SyncDirectory"/> of its parent.</summary>
    void DeleteDirectory(string path);

    /// <summary>Makes the names in a directory durable.</summary>
    void SyncDirectory(string path);

    /// <summary>Locks a file (made if need be) until disposed or the process ends; null when it is taken.</summary>
    IDisposable? TryLock(string path);
}

/// <summary>An open file. Calls at different offsets may run at once.</summary>
public interface IFile : IDisposable
{
    /// <summary>The name it was opened by.</summary>
    string Path { get; }

    /// <summary>Its length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads at an offset; fills <paramref name="target"/> unless the file ends.</summary>
    int Read(long offset, Span<byte> target);

    /// <summary>Writes all bytes at an offset.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Writes all buffers one behind the other from an offset on.</summary>
    void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers);

    /// <summary>Makes everything written so far durable. It is never tried again after a failure.</summary>
    void Sync();

    /// <summary>Cuts or lengthens the file.</summary>
    void SetLength(long length);
}
