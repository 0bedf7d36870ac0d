using System.Text;

namespace Quorate.Mvcc.Tests;

/// <summary>
/// One version in the twin. Keys are Latin-1 strings, so that their ordinal order is the order of bytes.
/// </summary>
internal sealed record TwinVersion(
    long Mod, int Sub, string Key, string? Value, long Create, long Version);

/// <summary>
/// The dumb twin of the store: a list of all versions that ever were, searched from front to end. Slow, and simple
/// enough to be believed.
/// </summary>
internal sealed class TwinStore
{
    private readonly List<TwinVersion> _history = [];
    private int _changes;

    public long Revision { get; private set; } = 1;

    public long Compact { get; private set; }

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);

    public ApplyError Apply(Command command)
    {
        _changes = 0;
        var error = command switch
        {
            PutCommand put => ApplyPut(put),
            DeleteRangeCommand delete => ApplyDelete(delete),
            TxnCommand txn => ApplyTxn(txn),
            CompactCommand compact => ApplyCompact(compact),
            _ => ApplyError.None,
        };
        Revision += _changes > 0 ? 1 : 0;
        return error;
    }

    /// <summary>All keys at a revision, in order. The newest includes what the running command has changed.</summary>
    public SortedDictionary<string, TwinVersion> At(long revision)
    {
        var state = new SortedDictionary<string, TwinVersion>(StringComparer.Ordinal);
        foreach (var version in _history)
        {
            if (version.Mod > revision)
            {
                break;
            }

            if (version.Value is null)
            {
                state.Remove(version.Key);
            }
            else
            {
                state[version.Key] = version;
            }
        }

        return state;
    }

    public List<TwinVersion> Range(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> rangeEnd, long revision)
    {
        var from = Text(key);
        var to = Text(rangeEnd);
        return [.. At(revision).Values.Where(version => IsIn(version.Key, from, to))];
    }

    private static bool IsIn(string key, string from, string to) => to switch
    {
        "" => key == from,
        "\0" => string.CompareOrdinal(key, from) >= 0,
        _ => string.CompareOrdinal(key, from) >= 0 && string.CompareOrdinal(key, to) < 0,
    };

    private static bool Holds(TxnCompare compare, TwinVersion? version)
    {
        if (compare.Target == CompareTarget.Value)
        {
            return version is not null
                && Holds(compare.Relation, string.CompareOrdinal(version.Value, Text(compare.Value)));
        }

        var number = compare.Target switch
        {
            CompareTarget.Version => version?.Version ?? 0,
            CompareTarget.CreateRevision => version?.Create ?? 0,
            CompareTarget.ModRevision => version?.Mod ?? 0,
            _ => 0,
        };
        return Holds(compare.Relation, number.CompareTo(compare.Number));
    }

    private static bool Holds(CompareRelation relation, int order) => relation switch
    {
        CompareRelation.Equal => order == 0,
        CompareRelation.Greater => order > 0,
        CompareRelation.Less => order < 0,
        _ => order != 0,
    };

    private TwinVersion? Find(string key) => At(long.MaxValue).GetValueOrDefault(key);

    private ApplyError ApplyPut(PutCommand put)
    {
        if (put.Lease != 0)
        {
            return ApplyError.LeaseNotFound;
        }

        if ((put.IgnoreValue || put.IgnoreLease) && Find(Text(put.Key)) is null)
        {
            return ApplyError.KeyNotFound;
        }

        Write(put);
        return ApplyError.None;
    }

    // A transaction that was never validated may have deleted the key whose value is to be kept: it is empty then.
    private void Write(PutCommand put)
    {
        var before = Find(Text(put.Key));
        var value = put.IgnoreValue && before is not null ? before.Value : Text(put.Value);
        Add(Text(put.Key), value, before?.Create ?? Revision + 1, (before?.Version ?? 0) + 1);
    }

    private ApplyError ApplyDelete(DeleteRangeCommand delete)
    {
        foreach (var version in Range(delete.Key, delete.RangeEnd, long.MaxValue))
        {
            Add(version.Key, null, 0, 0);
        }

        return ApplyError.None;
    }

    private ApplyError ApplyCompact(CompactCommand compact)
    {
        var revision = compact.Revision == 0 ? Revision : compact.Revision;
        if (revision <= Compact)
        {
            return ApplyError.Compacted;
        }

        if (revision > Revision)
        {
            return ApplyError.FutureRevision;
        }

        Compact = revision;
        return ApplyError.None;
    }

    private ApplyError ApplyTxn(TxnCommand txn)
    {
        var path = new List<TxnOperation>();
        Choose(txn, path);
        foreach (var put in path.OfType<TxnOperation.Put>())
        {
            if ((put.Command.IgnoreValue || put.Command.IgnoreLease) && Find(Text(put.Command.Key)) is null)
            {
                return ApplyError.KeyNotFound;
            }

            if (put.Command.Lease != 0)
            {
                return ApplyError.LeaseNotFound;
            }
        }

        foreach (var range in path.OfType<TxnOperation.Range>())
        {
            if (range.Query.Revision > Revision)
            {
                return ApplyError.FutureRevision;
            }

            if (range.Query.Revision > 0 && range.Query.Revision < Compact)
            {
                return ApplyError.Compacted;
            }
        }

        foreach (var operation in path)
        {
            if (operation is TxnOperation.Put put)
            {
                Write(put.Command);
            }
            else if (operation is TxnOperation.DeleteRange delete)
            {
                ApplyDelete(delete.Command);
            }
        }

        return ApplyError.None;
    }

    // All operations of the branches taken, nested ones in their place.
    private void Choose(TxnCommand txn, List<TxnOperation> path)
    {
        var succeeded = txn.Compares.All(compare =>
        {
            var range = Range(compare.Key, compare.RangeEnd, long.MaxValue);
            return range.Count == 0 ? Holds(compare, null) : range.All(version => Holds(compare, version));
        });
        foreach (var operation in succeeded ? txn.Success : txn.Failure)
        {
            if (operation is TxnOperation.Txn nested)
            {
                Choose(nested.Command, path);
            }
            else
            {
                path.Add(operation);
            }
        }
    }

    private void Add(string key, string? value, long create, long version) =>
        _history.Add(new TwinVersion(Revision + 1, _changes++, key, value, create, version));
}
