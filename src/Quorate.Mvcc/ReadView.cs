namespace Quorate.Mvcc;

/// <summary>
/// One immutable revision of the store. Any thread may use it, one at a time; it holds memory until it is disposed,
/// and never holds up apply.
/// </summary>
public sealed class ReadView : IDisposable
{
    internal ReadView()
    {
    }

    /// <summary>The store's revision in this view.</summary>
    public Revision Revision => throw new NotSupportedException();

    /// <summary>The least revision that can be read; 0 before the first compaction.</summary>
    public Revision CompactRevision => throw new NotSupportedException();

    /// <summary>The last entry that this view has taken in.</summary>
    public AppliedId Applied => throw new NotSupportedException();

    /// <summary>The rolling hash at that entry.</summary>
    public ulong Hash => throw new NotSupportedException();

    /// <summary>The replicated members at that entry.</summary>
    public MemberTable Members => throw new NotSupportedException();

    /// <summary>Reads one key at the view's revision.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out KeyValue kv) => throw new NotSupportedException();

    /// <summary>Reads a key or a range of keys. What cannot be read is told in the result.</summary>
    public RangeResult Range(in RangeQuery query) => throw new NotSupportedException();

    /// <summary>Lets go of the view's memory.</summary>
    public void Dispose() => throw new NotSupportedException();
}
