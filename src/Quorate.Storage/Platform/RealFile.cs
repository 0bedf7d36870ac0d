using Microsoft.Win32.SafeHandles;

namespace Quorate.Storage;

/// <summary>An open file of the machine.</summary>
internal sealed class RealFile : IFile
{
    private readonly SafeFileHandle _handle;

    private RealFile(string path, SafeFileHandle handle)
    {
        Path = path;
        _handle = handle;
    }

    public string Path { get; }

    public long Length => SystemFault.Guard(Path, "measure", () => RandomAccess.GetLength(_handle));

    // Shared in all ways: a snapshot may be removed while it is read, the lock file keeps other processes out.
    public static IFile Open(string path, FileMode mode, FileAccess access) =>
        new RealFile(path, File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete));

    public int Read(long offset, Span<byte> target)
    {
        var filled = 0;
        while (filled < target.Length)
        {
            var read = ReadOnce(offset + filled, target[filled..]);
            if (read == 0)
            {
                break;
            }

            filled += read;
        }

        return filled;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, offset);
        }
        catch (IOException fault)
        {
            throw SystemFault.Of(Path, "write", fault);
        }
    }

    public void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        try
        {
            RandomAccess.Write(_handle, buffers, offset);
        }
        catch (IOException fault)
        {
            throw SystemFault.Of(Path, "write", fault);
        }
    }

    public void Sync()
    {
        try
        {
            DiskSync.File(_handle);
        }
        catch (IOException fault)
        {
            throw SystemFault.Of(Path, "sync", fault);
        }
    }

    public void SetLength(long length) =>
        SystemFault.Guard(Path, "set the length of", () => RandomAccess.SetLength(_handle, length));

    public void Dispose() => _handle.Dispose();

    private int ReadOnce(long offset, Span<byte> target)
    {
        try
        {
            return RandomAccess.Read(_handle, target, offset);
        }
        catch (IOException fault)
        {
            throw SystemFault.Of(Path, "read", fault);
        }
    }
}
