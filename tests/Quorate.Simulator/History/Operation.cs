using Quorate.Mvcc;

namespace Quorate.Simulator;

/// <summary>What a client asked.</summary>
internal enum OperationKind
{
    Put,
    MultiPut,
    Delete,
    Read,
    StaleRead,
    Compact,
}

/// <summary>What the client was told.</summary>
public enum OperationOutcome
{
    Pending,
    Done,
    NotDone,
    Unknown,
}

/// <summary>One key with its value, as a client wrote or saw it.</summary>
internal readonly record struct Pair(string Key, string Value, long CreateRevision, long ModRevision, long Version)
{
    public Pair(string key, string value)
        : this(key, value, 0, 0, 0)
    {
    }

    public override string ToString() => $"{Key}={Value}({CreateRevision},{ModRevision},{Version})";
}

/// <summary>One request of one client, from its call to its answer.</summary>
internal sealed class Operation
{
    public required int Id { get; init; }

    public required int Client { get; init; }

    /// <summary>The node that was asked.</summary>
    public required int Node { get; init; }

    public required OperationKind Kind { get; init; }

    public required long InvokedUs { get; init; }

    /// <summary>Put and MultiPut: what is written.</summary>
    public IReadOnlyList<Pair> Writes { get; init; } = [];

    /// <summary>Delete and reads: from this key, included.</summary>
    public string Low { get; init; } = "";

    /// <summary>Delete and reads: up to this key, not included.</summary>
    public string High { get; init; } = "";

    /// <summary>Compact: the revision. Reads: the revision asked for, 0 for the newest.</summary>
    public long AtRevision { get; init; }

    public OperationOutcome Outcome { get; set; }

    public long ReturnedUs { get; set; }

    /// <summary>Writes that are done: the place in the log.</summary>
    public ulong Index { get; set; }

    /// <summary>The revision that the answer speaks of.</summary>
    public long Revision { get; set; }

    /// <summary>Delete: how many keys went.</summary>
    public long Deleted { get; set; }

    /// <summary>Reads: what was seen.</summary>
    public IReadOnlyList<Pair> Seen { get; set; } = [];

    /// <summary>Reads: why nothing was seen.</summary>
    public ReadError ReadError { get; set; }

    /// <summary>The state machine said no (compaction of the future, or of what is gone already).</summary>
    public bool IsRejected { get; set; }

    /// <summary>The highest place in the log that any client had been told of when this was called.</summary>
    public ulong IndexFloor { get; set; }

    /// <summary>The highest revision that any client had been told of when this was called.</summary>
    public long RevisionFloor { get; set; }

    public bool IsWrite => Kind is OperationKind.Put or OperationKind.MultiPut or OperationKind.Delete
        or OperationKind.Compact;

    public override string ToString()
    {
        var what = Kind switch
        {
            OperationKind.Put or OperationKind.MultiPut => string.Join(' ', Writes.Select(w => $"{w.Key}={w.Value}")),
            OperationKind.Compact => $"{AtRevision}",
            _ => $"[{Low}, {High.Replace('\0', '~')})",
        };
        return $"#{Id} c{Client + 1} n{Node + 1} {Kind} {what} {Outcome} index={Index} revision={Revision} "
            + $"[{InvokedUs}..{ReturnedUs}us]";
    }
}
