namespace Quorate.Raft.Tests.Cluster;

/// <summary>
/// The smallest shell a core can have: it does what <see cref="Ready"/> says, in the order it says, with a disk and
/// an apply queue that move only when told.
/// </summary>
internal sealed class TestMember(RaftOptions options, IRandomSource random, TestDisk disk)
{
    private readonly Queue<EntryHeader> _toApply = new();
    private readonly Queue<TestDisk.PendingWrite> _synced = new();
    private readonly List<ConfigEntry> _configs = [];
    private ulong _nonce;
    private ulong _sequence;

    public NodeId Id => options.Self;

    public TestDisk Disk => disk;

    public RaftCore? Core { get; private set; }

    public bool IsUp => Core is not null;

    public List<ReadAnswer> Reads { get; } = [];

    public List<ProposalId> Refused { get; } = [];

    public List<SnapshotToSend> SnapshotsToSend { get; } = [];

    /// <summary>Messages that may leave, gathered until the cluster fetches them.</summary>
    public List<Message> Outbox { get; } = [];

    public Action<RaftFact> OnFact { get; set; } = static _ => { };

    public Action<LogWrite> OnWrite { get; set; } = static _ => { };

    public Action<EntryHeader> OnApply { get; set; } = static _ => { };

    public Action<SnapshotMetadata> OnInstall { get; set; } = static _ => { };

    public int ApplyCount => _toApply.Count;

    /// <summary>Writes that are durable and that the core has not been told of.</summary>
    public int SyncedCount => _synced.Count;

    public void Start()
    {
        _nonce++;
        _sequence = 0;
        _configs.Clear();
        var start = disk.Recover();
        _configs.AddRange(start.Configs);
        Core = new RaftCore(options, start, random);
        Turn();
    }

    public void Crash()
    {
        Core = null;
        disk.LosePending();
        _synced.Clear();
        _toApply.Clear();
        Outbox.Clear();
        Reads.Clear();
        Refused.Clear();
        SnapshotsToSend.Clear();
    }

    public ProposalHeader NextProposal(int length = 100) =>
        new(new ProposalId(Id, _nonce, ++_sequence), EntryKind.Command, length);

    /// <summary>Proposes here; a follower's shell sends the forward itself.</summary>
    public StepOutcome Propose(params ProposalHeader[] proposals)
    {
        var outcome = Core!.Propose(proposals);
        if (outcome.ForwardTo != NodeId.None)
        {
            Outbox.Add(new Message.ForwardedProposals(Id, outcome.ForwardTo, Core.Status().HardState.Term, proposals));
        }

        Turn();
        return outcome;
    }

    public void Step(Message message)
    {
        var outcome = Core!.Step(message);
        if (message is Message.AppendRequest append && outcome.Count > 0)
        {
            Assert.Equal(append.Entries[outcome.Skipped].Id.Index, outcome.First);
            Assert.Equal(append.Entries.Count, outcome.Skipped + outcome.Count);
            _configs.RemoveAll(config => config.Index >= outcome.First);
            _configs.AddRange(append.Configs.Where(config => config.Index >= outcome.First));
        }

        Turn();
    }

    public void Do(Action<RaftCore> input)
    {
        input(Core!);
        Turn();
    }

    /// <summary>Makes the oldest write durable, sends what was held for it, and tells the core.</summary>
    public void Persist()
    {
        Sync();
        Tell();
    }

    /// <summary>
    /// The log thread has synced the oldest write and sends what was held; the core does not know yet.
    /// </summary>
    public void Sync()
    {
        var done = disk.CompleteOldest();
        Outbox.AddRange(done.Held);
        _synced.Enqueue(done);
    }

    /// <summary>Tells the core of the oldest write that was synced.</summary>
    public void Tell()
    {
        var done = _synced.Dequeue();
        Core!.Persisted(done.Write.Id);
        if (done.Tables is { } tables)
        {
            _toApply.Clear();
            OnInstall(tables);
            Core.Applied(tables.Last.Index);
        }

        Turn();
    }

    /// <summary>Applies the oldest entry that was handed out.</summary>
    public void Apply()
    {
        var header = _toApply.Dequeue();
        OnApply(header);
        Core!.Applied(header.Id.Index);
        Turn();
    }

    /// <summary>Takes a snapshot of what is applied and keeps some entries for slow followers.</summary>
    public SnapshotMetadata? TakeSnapshot(int keep)
    {
        var core = Core!;
        var applied = core.AppliedIndex;
        if (applied <= (disk.Snapshot?.Last.Index ?? LogIndex.Zero) || !core.Log.TryTermAt(applied, out _))
        {
            return null;
        }

        var config = core.ConfigAt(applied);
        var metadata = new SnapshotMetadata(core.Log.IdAt(applied), config.Index, config.Config);
        var upTo = new LogIndex(applied.Value - Math.Min(applied.Value, (ulong)keep));
        disk.Trim(upTo, metadata);
        core.TrimPrefix(upTo, metadata);
        Turn();
        return metadata;
    }

    private void Turn()
    {
        while (Core!.HasReady)
        {
            Do(Core.TakeReady());
        }
    }

    private void Do(Ready ready)
    {
        var core = Core!;
        var known = _configs.LastOrDefault()?.Index ?? default;
        _configs.AddRange(core.Log.Configs.Where(config => config.Index > known));
        foreach (var fact in ready.Facts)
        {
            OnFact(fact);
        }

        Outbox.AddRange(ready.Messages);
        foreach (var append in ready.Appends)
        {
            Outbox.Add(new Message.AppendRequest(
                Id, append.To, append.Term, append.Previous, Headers(append.Range), append.Commit,
                Configs(append.Range)));
        }

        if (ready.Write is { } write)
        {
            OnWrite(write);
            disk.Submit(
                write, Headers(write.Entries), Configs(write.Entries), [.. ready.HeldMessages], ready.Install);
            Assert.True(ready.HeldMessages.Count == 0 || ready.HeldUntil == write.Id);
        }
        else if (disk.PendingCount > 0 && ready.HeldMessages.Count > 0)
        {
            disk.HoldAlso(ready.HeldMessages);
        }
        else
        {
            // The write they wait for is durable already, only the core has not been told.
            Outbox.AddRange(ready.HeldMessages);
        }

        for (var index = ready.Committed.First; index <= ready.Committed.Last; index = index.Next)
        {
            _toApply.Enqueue(core.Log.HeaderAt(index));
        }

        Reads.AddRange(ready.Reads);
        Refused.AddRange(ready.Refused.SelectMany(refused => refused.Proposals));
        SnapshotsToSend.AddRange(ready.Snapshots);
    }

    private EntryHeader[] Headers(EntryRange range)
    {
        var headers = new EntryHeader[range.Count];
        for (var i = 0; i < headers.Length; i++)
        {
            headers[i] = Core!.Log.HeaderAt(range.First + i);
        }

        return headers;
    }

    private ConfigEntry[] Configs(EntryRange range) =>
        [.. _configs.Where(config => config.Index >= range.First && config.Index <= range.Last)];
}
