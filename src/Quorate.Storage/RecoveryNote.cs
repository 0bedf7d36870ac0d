using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>What a recovery from a lost quorum has done, for those who ask later.</summary>
public sealed record RecoveryNote
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The cluster that it made.</summary>
    public required UInt128 Cluster { get; init; }

    /// <summary>Whose directory it was before.</summary>
    public required LogIdentity From { get; init; }

    /// <summary>The last entry of the log that it went on from; all entries up to it were taken.</summary>
    public required EntryId Last { get; init; }

    /// <summary>Up to here the entries were known to be committed; those behind were taken all the same.</summary>
    public required LogIndex KnownCommitted { get; init; }

    /// <summary>What could not be known, a sentence each.</summary>
    public required IReadOnlyList<string> Doubts { get; init; }

    /// <summary>The version of the program that did it.</summary>
    public required string Program { get; init; }

    /// <summary>As in <c>2026-01-31T12:00:00Z from entry 42@7</c>.</summary>
    public override string ToString() => $"{At:yyyy-MM-dd'T'HH:mm:ss'Z'} from entry {Last}";
}
