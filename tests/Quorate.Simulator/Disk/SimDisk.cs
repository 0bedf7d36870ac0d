namespace Quorate.Simulator;

/// <summary>
/// The disk of one simulated machine: names and files, each with what processes see and what a power failure
/// leaves. It outlives the processes that use it.
/// </summary>
/// <remarks>
/// Directory operations become stable by <see cref="SyncDirectory"/>. What a power failure leaves of the others is
/// the journal's choice: an ordered prefix of them (<c>strict</c> false), or none (<c>strict</c> true).
/// </remarks>
internal sealed class SimDisk(SimRandom random, bool strict, FaultTable table)
{
    private readonly List<NameChange> _unsynced = [];
    private readonly Dictionary<string, FileLock> _locks = new(StringComparer.Ordinal);
    private SortedDictionary<string, SimInode?> _names = new(StringComparer.Ordinal) { ["/"] = null };
    private readonly SortedDictionary<string, SimInode?> _stableNames = new(StringComparer.Ordinal) { ["/"] = null };

    /// <summary>Whether a name, file or directory, is there.</summary>
    public bool Exists(string path) => _names.ContainsKey(path);

    /// <summary>The file of this name, or null.</summary>
    public SimInode? Find(string path) => _names.GetValueOrDefault(path);

    /// <summary>The names directly below a directory, in ordinal order, without their path.</summary>
    public List<string> List(string directory)
    {
        var prefix = directory + "/";
        var found = new List<string>();
        foreach (var name in _names.Keys)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && name.IndexOf('/', prefix.Length) < 0)
            {
                found.Add(name[prefix.Length..]);
            }
        }

        return found;
    }

    public void CreateDirectory(string path)
    {
        if (!_names.ContainsKey(path))
        {
            Change(new NameChange(path, null, IsDelete: false, From: null));
        }
    }

    /// <summary>Makes an empty file in place of whatever bore the name.</summary>
    public SimInode CreateFile(string path)
    {
        var inode = new SimInode();
        Change(new NameChange(path, inode, IsDelete: false, From: null));
        return inode;
    }

    public void Rename(string source, string target) =>
        Change(new NameChange(target, _names[source], IsDelete: false, From: source));

    public void Delete(string path) => Change(new NameChange(path, null, IsDelete: true, From: null));

    /// <summary>The names in this directory are stable from here on.</summary>
    public void SyncDirectory(string directory)
    {
        if (strict)
        {
            SettleOnly(directory);
            return;
        }

        var last = _unsynced.FindLastIndex(change => Parent(change.Path) == directory);
        for (var i = 0; i <= last; i++)
        {
            Apply(_stableNames, _unsynced[i]);
        }

        _unsynced.RemoveRange(0, last + 1);
    }

    /// <summary>The machine loses its power: unsynced writes and names are kept, dropped or torn.</summary>
    public void LosePower()
    {
        var kept = strict ? 0 : random.Below(_unsynced.Count + 1);
        if (kept < _unsynced.Count)
        {
            table.Count(FaultKind.NamesLostAtCrash);
        }

        for (var i = 0; i < kept; i++)
        {
            Apply(_stableNames, _unsynced[i]);
        }

        _unsynced.Clear();
        DropOrphans();
        _names = new SortedDictionary<string, SimInode?>(_stableNames, StringComparer.Ordinal);
        var seen = new HashSet<SimInode>(ReferenceEqualityComparer.Instance);
        foreach (var inode in _names.Values)
        {
            if (inode is not null && seen.Add(inode))
            {
                if (inode.HasUnsynced)
                {
                    table.Count(FaultKind.WriteKeptOrTornAtCrash);
                }

                inode.LosePower(random);
            }
        }
    }

    /// <summary>The files below a path that hold writes which no sync has covered.</summary>
    public IEnumerable<string> UnsyncedFiles(string below)
    {
        foreach (var (name, inode) in _names)
        {
            if (inode is { HasUnsynced: true } && name.StartsWith(below, StringComparison.Ordinal))
            {
                yield return name;
            }
        }
    }

    /// <summary>Locks a file for a process; a lock ends with its process.</summary>
    public IDisposable? TryLock(string path, SimProcess process)
    {
        if (_locks.TryGetValue(path, out var holder) && holder.Owner.IsAlive && !holder.IsReleased)
        {
            return null;
        }

        return _locks[path] = new FileLock(process);
    }

    internal static string Parent(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }

    private void Change(NameChange change)
    {
        Apply(_names, change);
        _unsynced.Add(change);
    }

    private void SettleOnly(string directory)
    {
        for (var i = 0; i < _unsynced.Count;)
        {
            if (Parent(_unsynced[i].Path) == directory)
            {
                Apply(_stableNames, _unsynced[i]);
                _unsynced.RemoveAt(i);
            }
            else
            {
                i++;
            }
        }
    }

    // A file in a directory whose own name was lost is lost with it.
    private void DropOrphans()
    {
        foreach (var path in _stableNames.Keys.ToArray())
        {
            if (path != "/" && !_stableNames.ContainsKey(Parent(path)))
            {
                _stableNames.Remove(path);
            }
        }
    }

    private static void Apply(SortedDictionary<string, SimInode?> names, NameChange change)
    {
        if (change.From is not null)
        {
            names.Remove(change.From);
        }

        if (change.IsDelete)
        {
            names.Remove(change.Path);
        }
        else
        {
            names[change.Path] = change.Inode;
        }
    }

    private sealed class FileLock(SimProcess owner) : IDisposable
    {
        public SimProcess Owner => owner;

        public bool IsReleased { get; private set; }

        public void Dispose() => IsReleased = true;
    }

    private readonly record struct NameChange(string Path, SimInode? Inode, bool IsDelete, string? From);
}
