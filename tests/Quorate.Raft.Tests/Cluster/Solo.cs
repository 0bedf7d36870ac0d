namespace Quorate.Raft.Tests.Cluster;

/// <summary>
/// n1 of a cluster, alone with the test, which plays all others. No jitter: timeouts are 10, beats 3 ticks.
/// </summary>
internal sealed class Solo
{
    public static readonly NodeId N1 = new(1);
    public static readonly NodeId N2 = new(2);
    public static readonly NodeId N3 = new(3);
    public static readonly NodeId N4 = new(4);

    private readonly TestMember _member;

    public Solo(ulong[]? terms = null, ulong term = 1, ClusterConfig? config = null)
    {
        var disk = new TestDisk();
        disk.Format(
            new HardState(new Term(1), NodeId.None),
            [new EntryHeader(Id(1, 1), EntryKind.ConfigChange, ProposalId.None, 80)],
            [new ConfigEntry(new LogIndex(1), config ?? new ClusterConfig([N1, N2, N3]))]);
        disk.Extend(terms ?? []);
        if (term > disk.HardState.Term.Value)
        {
            disk.SetHardState(new HardState(new Term(term), NodeId.None));
        }

        var options = new RaftOptions { Self = N1, ElectionTicks = 10, HeartbeatTicks = 3 };
        _member = new TestMember(options, new NoJitter(), disk) { OnFact = fact => Facts.Add(fact) };
        _member.Start();
    }

    public List<RaftFact> Facts { get; } = [];

    public TestDisk Disk => _member.Disk;

    public RaftCore Core => _member.Core!;

    public RaftStatus Status => Core.Status();

    public List<ReadAnswer> Reads => _member.Reads;

    /// <summary>Messages that may leave, and left; the list is the test's to clear.</summary>
    public List<Message> Sent => _member.Outbox;

    /// <summary>Messages that wait for the disk.</summary>
    public IReadOnlyList<Message> Held => [.. Disk.Held];

    public static EntryId Id(ulong index, ulong term) => new(new Term(term), new LogIndex(index));

    public static EntryHeader Entry(ulong index, ulong term, EntryKind kind = EntryKind.Command) =>
        new(Id(index, term), kind, ProposalId.None, 100);

    public static Message.AppendRequest Append(
        NodeId from, ulong term, EntryId previous, ulong commit, params EntryHeader[] entries) =>
        new(from, N1, new Term(term), previous, entries, new LogIndex(commit), []);

    public static Message.HeartbeatRequest Beat(NodeId from, ulong term, ulong round = 0) =>
        new(from, N1, new Term(term), LogIndex.Zero, round);

    public static Message.VoteRequest AskVote(NodeId from, ulong term, EntryId last, bool transfer = false) =>
        new(from, N1, new Term(term), last, transfer);

    public static Message.AppendResponse Accepted(NodeId from, ulong term, ulong index) =>
        new(from, N1, new Term(term), Accepted: true, new LogIndex(index), EntryId.Zero);

    public Solo Step(params Message[] messages)
    {
        foreach (var message in messages)
        {
            _member.Step(message);
        }

        return this;
    }

    public Solo Tick(int count = 1)
    {
        for (var i = 0; i < count; i++)
        {
            _member.Do(core => core.Tick());
        }

        return this;
    }

    public Solo Persist()
    {
        while (Disk.PendingCount > 0)
        {
            _member.Persist();
        }

        return this;
    }

    public Solo Apply()
    {
        while (_member.ApplyCount > 0)
        {
            _member.Apply();
        }

        return this;
    }

    public Solo Do(Action<RaftCore> input)
    {
        _member.Do(input);
        return this;
    }

    public StepOutcome Propose(int count = 1) =>
        _member.Propose([.. Enumerable.Range(0, count).Select(_ => _member.NextProposal())]);

    public Solo Restart()
    {
        _member.Crash();
        _member.Start();
        return this;
    }

    /// <summary>Wins the next term with the vote of n2; its no-op is not durable yet.</summary>
    public Solo Lead()
    {
        Tick(10);
        var term = Status.HardState.Term.Next;
        Step(new Message.PreVoteResponse(N2, N1, term, Granted: true));
        Persist();
        Step(new Message.VoteResponse(N2, N1, term, Granted: true));
        Assert.Equal(RaftRole.Leader, Status.Role);
        Sent.Clear();
        return this;
    }

    /// <summary>Leads, with its no-op durable and committed by n2.</summary>
    public Solo LeadAndCommit()
    {
        Lead().Persist().Step(Accepted(N2, Status.HardState.Term.Value, Status.Last.Index.Value));
        Sent.Clear();
        return this;
    }
}
