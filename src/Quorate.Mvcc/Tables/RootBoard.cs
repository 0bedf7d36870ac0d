namespace Quorate.Mvcc;

/// <summary>
/// Where the writer publishes roots and readers pin them. A reader publishes its pin, full fence, loads the root with
/// its batch number, and uses it only if that equals the pin, else it pins again. The writer publishes the root, full
/// fence, then looks at the pins. So either the writer sees the pin, or the reader sees the newer root.
/// </summary>
/// <remarks>After <see cref="Close"/> nobody can pin, and the table goes with the last pin.</remarks>
internal sealed class RootBoard(KvTable table)
{
    private StoreRoot? _current;
    private int _freed;

    public PinTable Pins { get; } = new();

    public KeyIndex Index => table.Index;

    public RevisionLog Log => table.Log;

    /// <summary>The newest root.</summary>
    public StoreRoot Current
    {
        get
        {
            var current = Volatile.Read(ref _current);
            ObjectDisposedException.ThrowIf(current is null, typeof(StateMachine));
            return current;
        }
    }

    /// <summary>Throws when nobody may use the table any more.</summary>
    public void ThrowIfClosed() =>
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _current) is null, typeof(StateMachine));

    public void Publish(StoreRoot root)
    {
        Volatile.Write(ref _current, root);
        Interlocked.MemoryBarrier();
    }

    public StoreRoot Pin(out PinTable.Slot slot)
    {
        var root = Current;
        slot = Pins.Take(root.Batch);
        while (!IsSafe(ref root, slot))
        {
        }

        return root;
    }

    /// <summary>
    /// Whether a pinned root is still the newest, so that the writer cannot have missed the pin. If not, pins the
    /// newest instead, to be asked about again.
    /// </summary>
    public bool IsSafe(ref StoreRoot root, PinTable.Slot slot)
    {
        var newest = Volatile.Read(ref _current);
        if (newest is null)
        {
            Unpin(slot);
            throw new ObjectDisposedException(nameof(StateMachine));
        }

        if (newest.Batch == root.Batch)
        {
            return true;
        }

        root = newest;
        slot.Move(root.Batch);
        return false;
    }

    public void Unpin(PinTable.Slot slot)
    {
        slot.Release();
        if (Volatile.Read(ref _current) is null)
        {
            FreeWhenUnused();
        }
    }

    public void Close()
    {
        Volatile.Write(ref _current, null);
        Interlocked.MemoryBarrier();
        FreeWhenUnused();
    }

    private void FreeWhenUnused()
    {
        var pins = new List<long>();
        Pins.Collect(pins);
        if (pins.Count == 0 && Interlocked.Exchange(ref _freed, 1) == 0)
        {
            table.Dispose();
        }
    }
}
