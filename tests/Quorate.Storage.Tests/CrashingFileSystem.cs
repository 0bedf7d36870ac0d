using Quorate.Raft;

namespace Quorate.Storage.Tests;

/// <summary>A crash in the middle of a call. Nothing in Storage may catch it.</summary>
public sealed class CrashException : Exception;

/// <summary>
/// A disk in memory that knows what was synced: a crash keeps that, and of every unsynced write what the test says.
/// <see cref="MemoryFileSystem"/> of the product has no use for any of this: it loses all with its process.
/// </summary>
public sealed class CrashingFileSystem : IFileSystem
{
    public const int Sector = 512;

    private readonly HashSet<string> _locks = [];
    private SortedDictionary<string, MemoryFile> _names = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, MemoryFile> _durableNames = new(StringComparer.Ordinal);

    /// <summary>Bytes that files may take together.</summary>
    public long Room { get; set; } = long.MaxValue;

    /// <summary>How many more changing calls are done before one crashes.</summary>
    public int CallsUntilCrash { get; set; } = int.MaxValue;

    /// <summary>How many more changing calls are done before all find the disk full.</summary>
    public int CallsUntilFull { get; set; } = int.MaxValue;

    /// <summary>How many changing calls were done.</summary>
    public int Calls { get; private set; }

    /// <summary>Reads of this file fail.</summary>
    public string? Unreadable { get; set; }

    public IEnumerable<string> Paths => _names.Keys;

    public void CreateDirectory(string path)
    {
    }

    public bool FileExists(string path) => _names.ContainsKey(path);

    public IReadOnlyList<string> List(string directory)
    {
        var prefix = directory + "/";
        return _names.Keys
            .Where(path => path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(path => path[prefix.Length..].Split('/')[0])
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
    }

    public IFile Create(string path)
    {
        CountCall();
        if (_names.ContainsKey(path))
        {
            throw new StorageException(path, $"{path} exists", inner: null);
        }

        var file = new MemoryFile();
        _names[path] = file;
        return new Handle(this, path, file);
    }

    public IFile Open(string path, bool writable) =>
        _names.TryGetValue(path, out var file)
            ? new Handle(this, path, file)
            : throw new StorageException(path, $"{path} is not there", inner: null);

    public void Rename(string from, string to)
    {
        CountCall();
        _names[to] = _names[from];
        _names.Remove(from);
    }

    public void Delete(string path)
    {
        CountCall();
        _names.Remove(path);
    }

    /// <summary>Directories are there while something is in them, so an empty one has gone by itself.</summary>
    public void DeleteDirectory(string path)
    {
        CountCall();
        if (List(path).Count > 0)
        {
            throw new StorageException(path, $"{path} is not empty", inner: null);
        }
    }

    public void SyncDirectory(string path)
    {
        CountCall();
        foreach (var gone in _durableNames.Keys.Where(IsInside).ToList())
        {
            _durableNames.Remove(gone);
        }

        foreach (var (name, file) in _names.Where(pair => IsInside(pair.Key)))
        {
            _durableNames[name] = file;
        }

        bool IsInside(string name) => Path.GetDirectoryName(name) == path;
    }

    public IDisposable? TryLock(string path) => _locks.Add(path) ? new LockHandle(this, path) : null;

    /// <summary>Loses power: names and bytes that were not synced are gone, but for what the choice keeps.</summary>
    /// <param name="keep">For each unsynced write, the bytes of it that reached the disk.</param>
    public void Crash(Func<UnsyncedWrite, byte[]?> keep)
    {
        _names = new SortedDictionary<string, MemoryFile>(_durableNames, StringComparer.Ordinal);
        foreach (var file in _names.Values.Distinct())
        {
            file.Crash(keep);
        }

        _locks.Clear();
        CallsUntilCrash = int.MaxValue;
    }

    /// <summary>Loses power: nothing unsynced stays.</summary>
    public void Crash() => Crash(_ => null);

    /// <summary>The process is killed: the page cache stays as it is, unsynced.</summary>
    public void Kill()
    {
        _locks.Clear();
        CallsUntilCrash = int.MaxValue;
    }

    /// <summary>A copy of this disk, as it would be read now.</summary>
    public CrashingFileSystem Copy()
    {
        var copy = new CrashingFileSystem();
        foreach (var (name, file) in _names)
        {
            copy._names[name] = file.Copy();
            copy._durableNames[name] = copy._names[name];
        }

        return copy;
    }

    public byte[] Content(string path) => _names[path].Bytes.ToArray();

    /// <summary>Changes bytes behind everyone's back.</summary>
    public void Damage(string path, long offset, params byte[] bytes) => _names[path].Damage(offset, bytes);

    public void Flip(string path, long offset) =>
        Damage(path, offset, (byte)(_names[path].Bytes[(int)offset] ^ 0x40));

    public void Cut(string path, int length) => _names[path].SetLength(length);

    private void CountCall()
    {
        if (Calls++ >= CallsUntilCrash)
        {
            throw new CrashException();
        }

        if (Calls > CallsUntilFull)
        {
            throw new DiskFullException("data", inner: null);
        }
    }

    private void Write(string path, MemoryFile file, long offset, ReadOnlySpan<byte> bytes)
    {
        CountCall();
        var used = _names.Values.Distinct().Sum(other => (long)other.Bytes.Count);
        if (used + Math.Max(0, offset + bytes.Length - file.Bytes.Count) > Room)
        {
            throw new DiskFullException(path, inner: null);
        }

        file.Write(offset, bytes);
    }

    private sealed class LockHandle(CrashingFileSystem owner, string path) : IDisposable
    {
        public void Dispose() => owner._locks.Remove(path);
    }

    private sealed class Handle(CrashingFileSystem owner, string path, MemoryFile file) : IFile
    {
        public string Path => path;

        public long Length => file.Bytes.Count;

        public int Read(long offset, Span<byte> target)
        {
            if (owner.Unreadable == path)
            {
                throw new StorageException(path, $"Cannot read {path}: input/output error", inner: null);
            }

            var count = (int)Math.Clamp(file.Bytes.Count - offset, 0, target.Length);
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(file.Bytes)
                .Slice((int)Math.Min(offset, file.Bytes.Count), count).CopyTo(target);
            return count;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes) => owner.Write(path, file, offset, bytes);

        public void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
            owner.Write(path, file, offset, Joined(buffers));

        public void Sync()
        {
            owner.CountCall();
            file.Sync();
        }

        public void SetLength(long length)
        {
            owner.CountCall();
            file.SetLength((int)length);
        }

        public void Dispose()
        {
        }

        private static byte[] Joined(IReadOnlyList<ReadOnlyMemory<byte>> buffers)
        {
            using var all = new MemoryStream();
            foreach (var buffer in buffers)
            {
                all.Write(buffer.Span);
            }

            return all.ToArray();
        }
    }
}

/// <summary>A write that no sync has followed.</summary>
public sealed record UnsyncedWrite(long Offset, byte[] Bytes);

/// <summary>Bytes as they are read, and as they were when last synced.</summary>
public sealed class MemoryFile
{
    private readonly List<UnsyncedWrite> _unsynced = [];
    private List<byte> _durable = [];

    public List<byte> Bytes { get; private set; } = [];

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        _unsynced.Add(new UnsyncedWrite(offset, bytes.ToArray()));
        Put(Bytes, offset, bytes);
    }

    public void Sync()
    {
        foreach (var write in _unsynced)
        {
            Put(_durable, write.Offset, write.Bytes);
        }

        _unsynced.Clear();
    }

    public void Crash(Func<UnsyncedWrite, byte[]?> keep)
    {
        foreach (var write in _unsynced)
        {
            if (keep(write) is { } kept)
            {
                Put(_durable, write.Offset, kept);
            }
        }

        _unsynced.Clear();
        Bytes = [.. _durable];
    }

    public void SetLength(int length)
    {
        Invariant.Holds(length <= Bytes.Count, "tests only cut");
        Bytes.RemoveRange(length, Bytes.Count - length);
        _durable = [.. Bytes];
    }

    public void Damage(long offset, ReadOnlySpan<byte> bytes)
    {
        Put(Bytes, offset, bytes);
        Put(_durable, offset, bytes);
    }

    public MemoryFile Copy() => new() { Bytes = [.. Bytes], _durable = [.. Bytes] };

    private static void Put(List<byte> target, long offset, ReadOnlySpan<byte> bytes)
    {
        var end = (int)offset + bytes.Length;
        if (target.Count < end)
        {
            System.Runtime.InteropServices.CollectionsMarshal.SetCount(target, end);
        }

        bytes.CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(target)[(int)offset..]);
    }
}
