namespace Quorate.Mvcc;

/// <summary>All records of one root in revision order: chunks up to a count, the last one up to an offset.</summary>
/// <param name="Chunks">The chunks; what lies at or behind the count belongs to later roots.</param>
/// <param name="Count">How many of them.</param>
/// <param name="TailUsed">Bytes of the last one that belong to this root.</param>
internal readonly record struct RecordSequence(RecordChunk[] Chunks, int Count, int TailUsed)
{
    /// <summary>Bytes of one chunk that belong to this root.</summary>
    public int UsedOf(int at) => at == Count - 1 ? TailUsed : Chunks[at].Used;
}
