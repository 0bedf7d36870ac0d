namespace Quorate.Mvcc;

/// <summary>One version of one key as a snapshot has it; see docs/format/state.md.</summary>
internal readonly ref struct KvRow
{
    public long ModRevision { get; init; }

    public uint SubRevision { get; init; }

    public bool IsTombstone { get; init; }

    public long CreateRevision { get; init; }

    public long Version { get; init; }

    public long Lease { get; init; }

    public ReadOnlySpan<byte> Key { get; init; }

    public ReadOnlySpan<byte> Value { get; init; }
}
