namespace Quorate.Simulator;

/// <summary>
/// The dumb twin of the store: every version of every key in sorted lists. It is fed the committed log, entry by
/// entry, and says what each answer must be.
/// </summary>
internal sealed class ModelStore
{
    private readonly SortedDictionary<string, List<KeyVersion>> _keys = new(StringComparer.Ordinal);
    private readonly List<(ulong Index, long Revision)> _changes = [(0, 1)];

    public ulong AppliedIndex { get; private set; }

    public long Revision { get; private set; } = 1;

    public long CompactRevision { get; private set; }

    /// <summary>Applies one committed entry; null for one that is not a client's.</summary>
    public ModelAnswer Apply(ulong index, Operation? operation)
    {
        if (index != AppliedIndex + 1)
        {
            throw new SimulatorException($"the model was given entry {index} behind {AppliedIndex}");
        }

        AppliedIndex = index;
        var deleted = 0L;
        var isRejected = false;
        switch (operation?.Kind)
        {
            case OperationKind.Put or OperationKind.MultiPut:
                Put(operation.Writes);
                break;
            case OperationKind.Delete:
                deleted = Delete(operation.Low, operation.High);
                break;
            case OperationKind.Compact:
                isRejected = operation.AtRevision <= CompactRevision || operation.AtRevision > Revision;
                CompactRevision = isRejected ? CompactRevision : operation.AtRevision;
                break;
        }

        return new ModelAnswer(Revision, deleted, isRejected);
    }

    /// <summary>The newest revision once this entry was applied.</summary>
    public long RevisionAt(ulong index)
    {
        var low = 0;
        var high = _changes.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _changes[middle].Index <= index ? (middle, high) : (low, middle - 1);
        }

        return _changes[low].Revision;
    }

    /// <summary>What a read of [low, high) sees at this revision.</summary>
    public List<Pair> Range(string low, string high, long revision)
    {
        var found = new List<Pair>();
        foreach (var (key, versions) in _keys)
        {
            if (string.CompareOrdinal(key, high) >= 0)
            {
                break;
            }

            if (string.CompareOrdinal(key, low) >= 0 && NewestAt(versions, revision) is { Value: { } value } seen)
            {
                found.Add(new Pair(key, value, seen.CreateRevision, seen.ModRevision, seen.Version));
            }
        }

        return found;
    }

    private void Put(IReadOnlyList<Pair> writes)
    {
        Change();
        foreach (var (key, value, _, _, _) in writes)
        {
            if (!_keys.TryGetValue(key, out var versions))
            {
                _keys[key] = versions = [];
            }

            var live = versions.Count > 0 && versions[^1].Value is not null ? versions[^1] : (KeyVersion?)null;
            versions.Add(new KeyVersion(
                value, live?.CreateRevision ?? Revision, Revision, (live?.Version ?? 0) + 1));
        }
    }

    private long Delete(string low, string high)
    {
        var gone = Range(low, high, Revision);
        if (gone.Count > 0)
        {
            Change();
        }

        foreach (var pair in gone)
        {
            _keys[pair.Key].Add(new KeyVersion(null, 0, Revision, 0));
        }

        return gone.Count;
    }

    private void Change()
    {
        Revision++;
        _changes.Add((AppliedIndex, Revision));
    }

    private static KeyVersion? NewestAt(List<KeyVersion> versions, long revision)
    {
        for (var i = versions.Count - 1; i >= 0; i--)
        {
            if (versions[i].ModRevision <= revision)
            {
                return versions[i];
            }
        }

        return null;
    }

    // Value null: deleted.
    private readonly record struct KeyVersion(string? Value, long CreateRevision, long ModRevision, long Version);
}

/// <summary>What the model says an entry did.</summary>
internal readonly record struct ModelAnswer(long Revision, long Deleted, bool IsRejected);
