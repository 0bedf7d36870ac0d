namespace Quorate.Raft.Tests.Cluster;

/// <summary>The disk of one member: what is durable, and the writes that are not yet.</summary>
internal sealed class TestDisk
{
    private readonly List<EntryHeader> _entries = [];
    private readonly List<ConfigEntry> _configs = [];
    private readonly Queue<PendingWrite> _pending = new();

    public HardState HardState { get; private set; }

    public SnapshotMetadata? Snapshot { get; private set; }

    public EntryId Before { get; private set; }

    public IReadOnlyList<EntryHeader> Entries => _entries;

    public EntryId Last => _entries.Count > 0 ? _entries[^1].Id : Before;

    public int PendingCount => _pending.Count;

    public void Format(HardState hardState, IReadOnlyList<EntryHeader> entries, IReadOnlyList<ConfigEntry> configs)
    {
        HardState = hardState;
        _entries.AddRange(entries);
        _configs.AddRange(configs);
    }

    /// <summary>Messages that wait for a write.</summary>
    public IEnumerable<Message> Held => _pending.SelectMany(write => write.Held);

    /// <summary>Entries of these terms, for the start of a story; the last one's is known.</summary>
    public void Extend(ulong[] terms)
    {
        foreach (var term in terms)
        {
            var id = new EntryId(new Term(term), Last.Index.Next);
            _entries.Add(new EntryHeader(id, EntryKind.Command, ProposalId.None, 100));
            HardState = term > HardState.Term.Value ? new HardState(new Term(term), NodeId.None) : HardState;
        }
    }

    public void SetHardState(HardState hardState) => HardState = hardState;

    public void Submit(
        LogWrite write, EntryHeader[] entries, ConfigEntry[] configs, Message[] held, SnapshotMetadata? tables) =>
        _pending.Enqueue(new PendingWrite(write, entries, configs, held, tables));

    /// <summary>These too wait for the newest write in flight.</summary>
    public void HoldAlso(IReadOnlyList<Message> held)
    {
        var writes = _pending.ToArray();
        _pending.Clear();
        writes[^1] = writes[^1] with { Held = [.. writes[^1].Held, .. held] };
        foreach (var write in writes)
        {
            _pending.Enqueue(write);
        }
    }

    /// <summary>Makes the oldest pending write durable and says what may happen now.</summary>
    public PendingWrite CompleteOldest()
    {
        var done = _pending.Dequeue();
        Store(done);
        return done;
    }

    public void LosePending() => _pending.Clear();

    public RaftStart Recover() => new()
    {
        HardState = HardState,
        Snapshot = Snapshot,
        Before = Before,
        Entries = [.. _entries],
        Configs = [.. _configs],
        Applied = Snapshot?.Last.Index ?? LogIndex.Zero,
    };

    /// <summary>A snapshot was taken here; entries up to <paramref name="upTo"/> go.</summary>
    public void Trim(LogIndex upTo, SnapshotMetadata snapshot)
    {
        Snapshot = snapshot;
        DropUpTo(upTo);
    }

    private void Store(PendingWrite done)
    {
        var write = done.Write;
        HardState = write.HardState;
        if (write.Install is { } install)
        {
            Snapshot = install;
            if (write.KeepSuffix)
            {
                Assert.True(Holds(install.Last), "a suffix is kept behind an entry that the disk holds");
                DropUpTo(install.Last.Index);
            }
            else
            {
                _entries.Clear();
                _configs.Clear();
                Before = install.Last;
            }
        }

        if (done.Entries.Length > 0)
        {
            Append(done);
        }
    }

    private bool Holds(EntryId id) => id == Before || _entries.Any(entry => entry.Id == id);

    private void Append(PendingWrite done)
    {
        var first = done.Entries[0].Id.Index;
        _entries.RemoveAll(entry => entry.Id.Index >= first);
        _configs.RemoveAll(config => config.Index >= first);
        Assert.Equal(Last.Index.Next, first);
        _entries.AddRange(done.Entries);
        _configs.AddRange(done.Configs);
    }

    private void DropUpTo(LogIndex upTo)
    {
        if (upTo <= Before.Index)
        {
            return;
        }

        Before = _entries.Single(entry => entry.Id.Index == upTo).Id;
        _entries.RemoveAll(entry => entry.Id.Index <= upTo);
        _configs.RemoveAll(config => config.Index <= upTo);
    }

    internal sealed record PendingWrite(
        LogWrite Write, EntryHeader[] Entries, ConfigEntry[] Configs, Message[] Held, SnapshotMetadata? Tables);
}
