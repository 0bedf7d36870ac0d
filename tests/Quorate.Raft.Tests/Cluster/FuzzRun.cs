namespace Quorate.Raft.Tests.Cluster;

/// <summary>One random run: a network that drops, doubles and reorders, disks that are slow and lose what was not
/// durable, snapshots, forwarded proposals and reads; with spares, members that come and go.</summary>
internal sealed partial class FuzzRun
{
    private readonly TestRandom _random;
    private readonly TestMember[] _members;
    private readonly RaftInvariants.Mark?[] _marks;
    private readonly List<Message> _network = [];
    private readonly List<(TestMember To, NodeId From, SnapshotMetadata Metadata)> _transfers = [];
    private readonly bool[,] _cut;
    private readonly SafetyLaws _laws = new();
    private readonly Queue<string> _trace = new();
    private readonly bool _isTraced;
    private ulong _reads;

    public FuzzRun(ulong seed, int count, int spares, bool isTraced)
    {
        _isTraced = isTraced;
        _random = new TestRandom(seed);
        _hasSpares = spares > 0;
        var all = count + spares;
        var ids = Enumerable.Range(1, all).Select(id => new NodeId((ulong)id)).ToArray();

        // Of four members, the last is a learner.
        var config = count == 4 ? new ClusterConfig(ids[..3], learners: ids[3..4]) : new ClusterConfig(ids[..count]);
        _cut = new bool[all + 1, all + 1];
        _marks = new RaftInvariants.Mark?[all];
        _members = [.. ids.Select((id, at) => MakeMember(id, at < count ? config : null, seed))];
        foreach (var member in _members)
        {
            member.Start();
        }
    }

    public int StepCount { get; private set; }

    public string Tail() => string.Join('\n', _trace);

    public void Storm(int steps)
    {
        for (StepCount = 0; StepCount < steps; StepCount++)
        {
            OneStep();
            if (StepCount % 25 == 0)
            {
                CheckLogs();
            }
        }
    }

    /// <summary>Heals everything: within twenty election timeouts all agree.</summary>
    public void Calm()
    {
        Array.Clear(_cut);
        foreach (var member in _members.Where(member => !member.IsUp))
        {
            member.Start();
        }

        for (var round = 0; round < 20 * 20; round++)
        {
            foreach (var member in _members)
            {
                member.Do(core => core.Tick());
            }

            Settle();
        }

        Assert.Single(_members, member => member.Core!.Role is RoleState.Leader);
        var leader = _members.Single(member => member.Core!.Role is RoleState.Leader);
        Assert.Equal(1, leader.Propose(leader.NextProposal()).Count);
        Settle();
        Assert.False(leader.Core!.IsChanging);
        foreach (var member in _members.Where(member => leader.Core.Config.Config.Contains(member.Id)))
        {
            Assert.Equal(leader.Core.Log.LastIndex, member.Core!.AppliedIndex);
        }

        CheckLogs();
    }

    private TestMember MakeMember(NodeId id, ClusterConfig? config, ulong seed)
    {
        var options = new RaftOptions
        {
            Self = id,
            ElectionTicks = 20,
            HeartbeatTicks = 4,
            AppendBytes = 250,
            InflightBytesMax = 1000,
            InflightMessagesMax = 4,
            UnstableBytesMax = 700,
            UnappliedBytesMax = 5000,
            CommittedBytesMax = 300,
        };
        var disk = new TestDisk();
        if (config is not null)
        {
            var first = new EntryHeader(
                new EntryId(new Term(1), new LogIndex(1)), EntryKind.ConfigChange, ProposalId.None, 80);
            disk.Format(new HardState(new Term(1), NodeId.None), [first], [new ConfigEntry(first.Id.Index, config)]);
        }

        var member = new TestMember(options, new TestRandom(seed ^ (id.Value << 40)), disk);
        if (_isTraced)
        {
            member.OnFact = fact => Trace($"  {id} {fact}");
        }

        member.OnApply = header => _laws.OnApply(member, header);
        member.OnInstall = metadata => _laws.OnInstall(metadata);
        return member;
    }

    private void Trace(string line)
    {
        _trace.Enqueue(line);
        if (_trace.Count > 400)
        {
            _trace.Dequeue();
        }
    }

    private void OneStep()
    {
        var member = _members[_random.Below(_members.Length)];
        var dice = _random.Below(1000);
        if (!member.IsUp)
        {
            if (_random.Chance(10))
            {
                Trace($"start {member.Id}");
                member.Start();
            }

            return;
        }

        switch (dice)
        {
            case < 150:
                member.Do(core => core.Tick());
                break;
            case < 650:
                DeliverOne();
                break;
            case < 780:
                PersistOne(member);
                break;
            case < 860:
                ApplyOne(member);
                break;
            case < 864 when _hasSpares:
                ChangeSome(member);
                break;
            case < 920:
                ProposeSome(member);
                break;
            case < 950:
                AskRead(member);
                break;
            case < 960:
                Trace($"snapshot at {member.Id}");
                member.TakeSnapshot(_random.Below(4));
                break;
            case < 975:
                EndTransfer();
                break;
            case < 980:
                Trace($"crash {member.Id}");
                KeepSomeWrites(member);
                member.Crash();
                break;
            case < 990:
                _cut[_random.Below(_members.Length) + 1, _random.Below(_members.Length) + 1] = _random.Chance(40);
                break;
            default:
                Hint(member);
                break;
        }

        Fetch(member);
    }

    private void Hint(TestMember member)
    {
        var peer = _members[_random.Below(_members.Length)].Id;
        switch (_random.Below(3))
        {
            case 0:
                member.Do(core => core.LeaderGone(core.HardState.Term));
                break;
            case 1:
                member.Do(core => core.PeerUnreachable(peer));
                break;
            default:
                member.Do(core => core.RangeGone(peer));
                break;
        }
    }

    private void PersistOne(TestMember member)
    {
        // The log thread sends what was held before the core hears of the sync, and the two may lie apart.
        if (member.Disk.PendingCount > 0 && _random.Chance(60))
        {
            Trace($"sync {member.Id}");
            member.Sync();
        }

        if (member.SyncedCount > 0 && _random.Chance(60))
        {
            Trace($"tell {member.Id}");
            member.Tell();
        }
    }

    // A crash keeps some writes whose completion nobody has heard of.
    private void KeepSomeWrites(TestMember member)
    {
        while (member.Disk.PendingCount > 0 && _random.Chance(40))
        {
            member.Disk.CompleteOldest();
        }
    }

    private void ApplyOne(TestMember member)
    {
        if (member.ApplyCount > 0)
        {
            member.Apply();
        }
    }

    private void ProposeSome(TestMember member)
    {
        var count = 1 + _random.Below(3);
        member.Propose([.. Enumerable.Range(0, count).Select(_ => member.NextProposal(40 + _random.Below(120)))]);
    }

    private void AskRead(TestMember member)
    {
        var id = new ReadId(++_reads);
        _laws.OnReadAsked(id);
        member.Do(core => core.ReadIndex(id));
    }

    private void EndTransfer()
    {
        if (_transfers.Count == 0)
        {
            return;
        }

        var at = _random.Below(_transfers.Count);
        var (to, from, metadata) = _transfers[at];
        _transfers.RemoveAt(at);
        var succeeded = to.IsUp && _random.Chance(80);
        Trace($"transfer {metadata.Last} to {to.Id} {succeeded}");
        if (succeeded)
        {
            to.Do(core => core.SnapshotReceived(metadata));
            Fetch(to);
        }

        var sender = _members[(int)from.Value - 1];
        if (sender.IsUp)
        {
            sender.Do(core => core.SnapshotSent(to.Id, metadata.Last, succeeded));
            Fetch(sender);
        }
    }

    private void DeliverOne()
    {
        if (_network.Count == 0)
        {
            return;
        }

        // Mostly in order, sometimes not.
        var at = _random.Chance(70) ? 0 : _random.Below(_network.Count);
        var message = _network[at];
        if (!_random.Chance(8))
        {
            _network.RemoveAt(at);
        }

        if (!_random.Chance(8))
        {
            Deliver(message);
        }
    }

    private void Deliver(Message message)
    {
        var to = _members[(int)message.To.Value - 1];
        if (to.IsUp && !_cut[message.From.Value, message.To.Value])
        {
            if (_isTraced)
            {
                Trace(MessageText.Of(message));
            }

            to.Step(message);
            Fetch(to);
        }
    }

    private void Fetch(TestMember member)
    {
        _network.AddRange(member.Outbox);
        member.Outbox.Clear();
        foreach (var answer in member.Reads)
        {
            _laws.OnReadAnswered(answer);
        }

        member.Reads.Clear();
        foreach (var snapshot in member.SnapshotsToSend)
        {
            _transfers.Add((_members[(int)snapshot.To.Value - 1], member.Id, member.Disk.Snapshot!));
        }

        member.SnapshotsToSend.Clear();
        CheckState(member);
        while (_network.Count > 400)
        {
            _network.RemoveAt(_random.Below(_network.Count));
        }
    }

    private void Settle()
    {
        var busy = true;
        while (busy)
        {
            busy = false;
            foreach (var member in _members)
            {
                while (member.Disk.PendingCount > 0)
                {
                    member.Sync();
                }

                while (member.SyncedCount > 0)
                {
                    member.Tell();
                    busy = true;
                }

                while (member.ApplyCount > 0)
                {
                    member.Apply();
                    busy = true;
                }

                Fetch(member);
            }

            while (_transfers.Count > 0)
            {
                EndTransfer();
                busy = true;
            }

            var now = _network.ToArray();
            _network.Clear();
            foreach (var message in now)
            {
                Deliver(message);
                busy = true;
            }
        }
    }

    // Each member that did something, at once: a law broken for a moment only is broken too.
    private void CheckState(TestMember member)
    {
        var at = (int)member.Id.Value - 1;
        if (member.Core is not { } core)
        {
            _marks[at] = null;
            return;
        }

        RaftInvariants.Check(core);
        var mark = RaftInvariants.MarkOf(core);
        if (_marks[at] is { } before)
        {
            RaftInvariants.CheckStep(before, mark);
        }

        _marks[at] = mark;
        _laws.CheckLeader(member, core);
    }

    private void CheckLogs()
    {
        foreach (var member in _members)
        {
            if (member.Core is { } core)
            {
                _laws.CheckLog(core);
            }
        }
    }
}
