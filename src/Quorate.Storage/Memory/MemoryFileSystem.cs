namespace Quorate.Storage;

/// <summary>
/// Files that live as long as this object: for a node that is to leave nothing behind. There is nothing to sync, since
/// nothing outlives the process. Any thread may call.
/// </summary>
public sealed class MemoryFileSystem : IFileSystem
{
    private readonly Lock _gate = new();
    private readonly SortedSet<string> _directories = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _locked = new(StringComparer.Ordinal);

    /// <summary>Bytes of memory that the files take.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _files.Values.Sum(file => file.AllocatedBytes);
            }
        }
    }

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        lock (_gate)
        {
            for (var name = path; !string.IsNullOrEmpty(name); name = Path.GetDirectoryName(name))
            {
                _directories.Add(name);
            }
        }
    }

    /// <inheritdoc/>
    public bool FileExists(string path)
    {
        lock (_gate)
        {
            return _files.ContainsKey(path);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string directory)
    {
        lock (_gate)
        {
            if (!_directories.Contains(directory))
            {
                throw Missing(directory);
            }

            var names = new List<string>(NamesIn(_files.Keys, directory));
            names.AddRange(NamesIn(_directories, directory));
            names.Sort(StringComparer.Ordinal);
            return names;
        }
    }

    /// <inheritdoc/>
    public IFile Create(string path)
    {
        lock (_gate)
        {
            if (_directories.Contains(path) || _files.ContainsKey(path))
            {
                throw new StorageException(path, $"{path} exists already.", inner: null);
            }

            if (!_directories.Contains(Path.GetDirectoryName(path) ?? ""))
            {
                throw Missing(path);
            }

            return _files[path] = new MemoryFile(path);
        }
    }

    /// <inheritdoc/>
    public IFile Open(string path, bool writable)
    {
        lock (_gate)
        {
            return Find(path);
        }
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        lock (_gate)
        {
            var file = Find(from);
            _files.Remove(from);
            file.Path = to;
            _files[to] = file;
        }
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        lock (_gate)
        {
            Find(path);
            _files.Remove(path);
        }
    }

    /// <inheritdoc/>
    public void DeleteDirectory(string path)
    {
        lock (_gate)
        {
            if (List(path).Count > 0)
            {
                throw new StorageException(path, $"{path} is not empty.", inner: null);
            }

            _directories.Remove(path);
        }
    }

    /// <inheritdoc/>
    public void SyncDirectory(string path)
    {
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path)
    {
        lock (_gate)
        {
            return _locked.Add(path) ? new HeldLock(this, path) : null;
        }
    }

    private static IEnumerable<string> NamesIn(IEnumerable<string> paths, string directory) => paths
        .Where(path => Path.GetDirectoryName(path) == directory)
        .Select(path => Path.GetFileName(path));

    private static StorageException Missing(string path) => new(path, $"{path} does not exist.", inner: null);

    private MemoryFile Find(string path) => _files.TryGetValue(path, out var file) ? file : throw Missing(path);

    private sealed class HeldLock(MemoryFileSystem owner, string path) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._locked.Remove(path);
            }
        }
    }
}
