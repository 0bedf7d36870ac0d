namespace Quorate.Mvcc;

/// <summary>
/// One immutable revision of the store. Any thread may use it, one at a time; it holds memory until it is disposed,
/// and never holds up apply.
/// </summary>
public sealed class ReadView : IDisposable
{
    private readonly RootBoard _board;
    private readonly PinTable.Slot _slot;
    private StoreRoot? _root;

    internal ReadView(RootBoard board)
    {
        _board = board;
        _root = board.Pin(out _slot);
    }

    /// <summary>The store's revision in this view.</summary>
    public Revision Revision => Root.Revision;

    /// <summary>The least revision that can be read; 0 before the first compaction.</summary>
    public Revision CompactRevision => Root.CompactRevision;

    /// <summary>The last entry that this view has taken in.</summary>
    public AppliedId Applied => Root.Applied;

    /// <summary>The rolling hash at that entry.</summary>
    public ulong Hash => Root.Hash;

    /// <summary>The replicated members at that entry.</summary>
    public MemberTable Members => Root.Members;

    internal StoreRoot Root
    {
        get
        {
            ObjectDisposedException.ThrowIf(_root is null, this);
            return _root;
        }
    }

    internal IRecordChunks Chunks => _board.Log.Chunks;

    private KvReader Reader => new(_board.Index, Root.IndexRoot);

    /// <summary>Reads one key at the view's revision.</summary>
    public unsafe bool TryGet(ReadOnlySpan<byte> key, out KeyValue kv)
    {
        var record = Reader.Find(key, KvReader.Newest);
        kv = record is null ? default : Record.ToKeyValue(record);
        return record is not null;
    }

    /// <summary>Reads a key or a range of keys. What cannot be read is told in the result.</summary>
    public RangeResult Range(in RangeQuery query)
    {
        var root = Root;
        return RangeReader.Read(Reader, query, root.Revision, KvReader.Newest, root.CompactRevision);
    }

    /// <summary>Lets go of the view's memory.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _root, null) is not null)
        {
            _board.Unpin(_slot);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _root is { } root ? $"revision {root.Revision} at {root.Applied}" : "closed";
}
