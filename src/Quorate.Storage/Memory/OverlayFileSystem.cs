namespace Quorate.Storage;

/// <summary>
/// Another file system as it is, with every change kept in memory only: recovery writes while it reads, and what is
/// merely looked at must stay as it was. Locks are those of the file system below. For one thread.
/// </summary>
public sealed class OverlayFileSystem(IFileSystem below) : IFileSystem
{
    private const int CopyBytes = 1024 * 1024;

    private readonly SortedDictionary<string, MemoryFile> _changed = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _made = new(StringComparer.Ordinal);
    private readonly HashSet<string> _removed = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        if (!IsDirectoryBelow(path))
        {
            _made.Add(path);
        }
    }

    /// <inheritdoc/>
    public bool FileExists(string path) =>
        _changed.ContainsKey(path) || (!_removed.Contains(path) && below.FileExists(path));

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string directory)
    {
        var names = new SortedSet<string>(
            _changed.Keys.Concat(_made).Where(path => Path.GetDirectoryName(path) == directory)
                .Select(path => Path.GetFileName(path)),
            StringComparer.Ordinal);
        if (!_made.Contains(directory))
        {
            names.UnionWith(below.List(directory).Where(name => !_removed.Contains(Path.Join(directory, name))));
        }

        return [.. names];
    }

    /// <inheritdoc/>
    public IFile Create(string path)
    {
        if (FileExists(path))
        {
            throw new StorageException(path, $"{path} exists already.", inner: null);
        }

        return _changed[path] = new MemoryFile(path);
    }

    /// <inheritdoc/>
    public IFile Open(string path, bool writable)
    {
        if (_changed.TryGetValue(path, out var changed))
        {
            return changed;
        }

        return _removed.Contains(path) ? throw Missing(path) : new Untouched(this, below.Open(path, writable: false));
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        using var source = Open(from, writable: false);
        var file = Change(source);
        _changed.Remove(from);
        _removed.Add(from);
        file.Path = to;
        _changed[to] = file;
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        if (!FileExists(path))
        {
            throw Missing(path);
        }

        _changed.Remove(path);
        _removed.Add(path);
    }

    /// <inheritdoc/>
    public void DeleteDirectory(string path)
    {
        if (List(path).Count > 0)
        {
            throw new StorageException(path, $"{path} is not empty.", inner: null);
        }

        _made.Remove(path);
        _removed.Add(path);
    }

    /// <inheritdoc/>
    public void SyncDirectory(string path)
    {
    }

    /// <summary>Locks what is there to be locked: without the file nobody uses it, and none is made.</summary>
    public IDisposable? TryLock(string path) => below.FileExists(path) ? below.TryLock(path) : new NothingLocked();

    private static StorageException Missing(string path) => new(path, $"{path} does not exist.", inner: null);

    private bool IsDirectoryBelow(string path)
    {
        var parent = Path.GetDirectoryName(path) ?? "";
        return !_removed.Contains(path) && !_made.Contains(parent)
            && below.List(parent).Contains(Path.GetFileName(path));
    }

    private MemoryFile Change(IFile file)
    {
        if (file is MemoryFile || _changed.ContainsKey(file.Path))
        {
            return _changed[file.Path];
        }

        var copy = new MemoryFile(file.Path);
        var piece = new byte[CopyBytes];
        for (long at = 0; at < file.Length;)
        {
            var count = file.Read(at, piece);
            copy.Write(at, piece.AsSpan(0, count));
            at += count;
        }

        return _changed[file.Path] = copy;
    }

    /// <summary>A file of below until it is first written to.</summary>
    private sealed class Untouched(OverlayFileSystem owner, IFile file) : IFile
    {
        public string Path => file.Path;

        public long Length => Current.Length;

        private IFile Current => owner._changed.TryGetValue(file.Path, out var changed) ? changed : file;

        public int Read(long offset, Span<byte> target) => Current.Read(offset, target);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => owner.Change(file).Write(offset, bytes);

        public void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
            owner.Change(file).Write(offset, buffers);

        public void Sync()
        {
        }

        public void SetLength(long length) => owner.Change(file).SetLength(length);

        public void Dispose() => file.Dispose();
    }

    private sealed class NothingLocked : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
