using Quorate.Raft.Tests.Cluster;

namespace Quorate.Raft.Tests.Golden;

/// <summary>
/// A cluster that a golden file moves by hand. Nothing happens by itself: disks, apply and network wait for their verb.
/// </summary>
/// <remarks>
/// <c>cluster voters=3 learners=0 election=10 heartbeat=3</c> makes members n1, n2 ... whose log holds the
/// configuration as 1@1; <c>log 2 1 2 2</c> gives n2 entries of these terms behind it; <c>hard 2 3 1</c> term and vote.
/// Members are numbers, lists (<c>1,2</c>) or <c>*</c>. A message filter is <c>[1->2] [Kind]</c>, either end may be
/// <c>*</c>. <c>sync</c> makes writes durable and sends what was held, <c>tell</c> tells the core of one of them,
/// <c>persist</c> does both. <c>spare=1</c> makes members with an empty log; <c>config 1 voters=1,2 learners=4</c>
/// proposes a configuration. A leading <c>-</c> mutes a command.
/// </remarks>
internal sealed class Scenario
{
    private readonly List<string> _output = [];
    private readonly List<Message> _pool = [];
    private readonly HashSet<(ulong From, ulong To)> _cut = [];
    private TestMember[] _members = [];
    private ulong _reads;

    /// <summary>The kinds of facts told so far, muted ones too.</summary>
    public SortedSet<string> Marks { get; } = new(StringComparer.Ordinal);

    public IEnumerable<string> Execute(string line)
    {
        var isMuted = line.StartsWith('-');
        var words = line.TrimStart('-').Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _output.Clear();
        Run(words[0], words[1..]);
        return isMuted ? [] : [.. _output];
    }

    private void Run(string verb, string[] words)
    {
        switch (verb)
        {
            case "cluster":
                MakeCluster(words);
                break;
            case "log":
                Member(words[0]).Disk.Extend([.. words[1..].Select(ulong.Parse)]);
                break;
            case "hard":
                Member(words[0]).Disk.SetHardState(
                    new HardState(new Term(ulong.Parse(words[1])), new NodeId(ulong.Parse(words[2]))));
                break;
            case "start" or "restart":
                ForEach(words[0], member => member.Start());
                break;
            case "tick":
                Tick(words[0], words.Length > 1 ? int.Parse(words[1]) : 1);
                break;
            case "propose":
                Propose(Member(words[0]), words.Length > 1 ? int.Parse(words[1]) : 1);
                break;
            case "read":
                Read(Member(words[0]));
                break;
            case "persist":
                ForEach(words[0], member => Persist(member, words.Length > 1 ? int.Parse(words[1]) : int.MaxValue));
                break;
            case "sync":
                ForEach(words[0], Sync);
                break;
            case "tell":
                Member(words[0]).Tell();
                break;
            case "durable":
                ForEach(words[0], member => _output.Add(DurableText(member.Id, member.Core!.Writes)));
                break;
            case "apply":
                ForEach(words[0], Apply);
                break;
            case "deliver" or "drop" or "duplicate":
                Move(verb, words);
                break;
            case "reorder":
                _pool.Reverse();
                break;
            case "settle":
                Settle(words.Length > 0 ? words[0] : "*");
                break;
            case "messages":
                _output.AddRange(_pool.Select(message => $"{MessageText.Of(message)}"));
                break;
            case "held":
                ForEach(words[0], member => _output.AddRange(member.Disk.Held.Select(MessageText.Of)));
                break;
            case "cut" or "heal":
                Cut(verb == "cut", words);
                break;
            case "crash":
                ForEach(words[0], member => member.Crash());
                break;
            case "snapshot":
                ForEach(words[0], member => _output.Add(
                    $"  {member.Id} {member.TakeSnapshot(words.Length > 1 ? int.Parse(words[1]) : 0)}"));
                break;
            case "stream":
                Stream(Member(words[0]), succeeded: words.Length == 1);
                break;
            case "config":
                Change(Member(words[0]), words[1..]);
                break;
            case "transfer":
                Member(words[0]).Do(core => TellRefusal(core, core.TransferLeadership(
                    words.Length > 1 ? Member(words[1]).Id : NodeId.None)));
                break;
            case "elect":
                Member(words[0]).Do(core => TellRefusal(core, core.ForceElection()));
                break;
            case "rangegone":
                Member(words[0]).Do(core => core.RangeGone(Member(words[1]).Id));
                break;
            case "gone":
                ForEach(words[0], member => member.Do(core => core.LeaderGone(core.HardState.Term)));
                break;
            case "status":
                ForEach(words.Length > 0 ? words[0] : "*", member => _output.Add(member.Core!.Status().ToString()));
                break;
            default:
                Assert.Fail($"unknown verb {verb}");
                break;
        }

        Array.ForEach(_members, Fetch);
    }

    private void MakeCluster(string[] words)
    {
        var voters = Setting(words, "voters", 3);
        var learners = Setting(words, "learners", 0);
        var members = voters + learners;
        var all = members + Setting(words, "spare", 0);
        var ids = Enumerable.Range(1, all).Select(id => new NodeId((ulong)id)).ToArray();
        var config = new ClusterConfig(ids[..voters], learners: ids[voters..members]);
        _members = [.. ids.Select((id, at) => MakeMember(id, at < members ? config : null, words))];
    }

    private TestMember MakeMember(NodeId id, ClusterConfig? config, string[] words)
    {
        var options = new RaftOptions
        {
            Self = id,
            ElectionTicks = Setting(words, "election", 10),
            HeartbeatTicks = Setting(words, "heartbeat", 3),
            AppendBytes = Setting(words, "append-bytes", 64 * 1024),
            UnstableBytesMax = Setting(words, "unstable-bytes", 16 * 1024 * 1024),
            PendingReadsMax = Setting(words, "reads", 100),
        };
        var disk = new TestDisk();
        if (config is not null)
        {
            var first = new EntryId(new Term(1), new LogIndex(1));
            disk.Format(
                new HardState(first.Term, NodeId.None),
                [new EntryHeader(first, EntryKind.ConfigChange, ProposalId.None, 80)],
                [new ConfigEntry(first.Index, config)]);
        }

        return new TestMember(options, new NoJitter(), disk)
        {
            OnFact = fact =>
            {
                Marks.Add(fact.GetType().Name);
                _output.Add($"  {id} {fact}");
            },
            OnWrite = write => _output.Add($"  {id} {WriteText(write)}"),
            OnApply = header => _output.Add(
                $"  {id} apply {header.Id}{(header.Proposal == ProposalId.None ? "" : $" {header.Proposal}")}"),
            OnInstall = metadata => _output.Add($"  {id} swaps to {metadata}"),
        };
    }

    private static string WriteText(LogWrite write) =>
        $"{write.Id}{(write.HardStateChanged ? $" {write.HardState}" : "")}"
        + (write.Install is { } install ? $" install {install.Last}{(write.KeepSuffix ? " keep suffix" : "")}" : "")
        + (write.Entries.IsEmpty ? "" : $" entries {write.Entries}");

    private static string DurableText(NodeId id, WritesInFlight writes) =>
        $"  {id} durable up to {writes.Stable}, told of {writes.Acknowledged}";

    private static int Setting(string[] words, string name, int otherwise)
    {
        var word = words.FirstOrDefault(word => word.StartsWith($"{name}=", StringComparison.Ordinal));
        return word is null ? otherwise : int.Parse(word[(name.Length + 1)..]);
    }

    private TestMember Member(string word) => _members[int.Parse(word) - 1];

    private void ForEach(string words, Action<TestMember> act)
    {
        foreach (var member in words == "*" ? _members : words.Split(',').Select(Member))
        {
            act(member);
            Fetch(member);
        }
    }

    private void Tick(string who, int count)
    {
        for (var i = 0; i < count; i++)
        {
            ForEach(who, member => member.Do(core => core.Tick()));
        }
    }

    private void Propose(TestMember member, int count)
    {
        var outcome = member.Propose([.. Enumerable.Range(0, count).Select(_ => member.NextProposal())]);
        if (outcome.Refused is { } why)
        {
            _output.Add($"  {member.Id} refused: {why}");
        }
    }

    private void Change(TestMember member, string[] words)
    {
        var target = new ClusterConfig(Ids("voters"), learners: Ids("learners"));
        var proposal = member.NextProposal().Id;
        member.Do(core =>
        {
            if (core.ProposeConfig(proposal, target, force: words.Contains("force")).Refused is { } why)
            {
                _output.Add($"  {member.Id} refused: {why}");
            }
        });

        NodeId[] Ids(string name)
        {
            var word = words.FirstOrDefault(word => word.StartsWith($"{name}=", StringComparison.Ordinal));
            var list = word is null ? [] : word[(name.Length + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries);
            return [.. list.Select(id => new NodeId(ulong.Parse(id)))];
        }
    }

    private void TellRefusal(RaftCore core, TransferRefusal? refused)
    {
        if (refused is { } why)
        {
            _output.Add($"  {core.Self} refused: {why}");
        }
    }

    private void Read(TestMember member)
    {
        _reads++;
        member.Do(core => core.ReadIndex(new ReadId(_reads)));
    }

    private static void Persist(TestMember member, int count)
    {
        while (member.Disk.PendingCount > 0 && count-- > 0)
        {
            member.Persist();
        }
    }

    private static void Apply(TestMember member)
    {
        while (member.ApplyCount > 0)
        {
            member.Apply();
        }
    }

    private void Stream(TestMember to, bool succeeded)
    {
        var (sender, snapshot) = _members
            .SelectMany(member => member.SnapshotsToSend.Select(snapshot => (member, snapshot)))
            .Single(pair => pair.snapshot.To == to.Id);
        sender.SnapshotsToSend.Remove(snapshot);
        if (succeeded)
        {
            to.Do(core => core.SnapshotReceived(sender.Disk.Snapshot!));
        }

        sender.Do(core => core.SnapshotSent(to.Id, snapshot.Last, succeeded));
    }

    private void Cut(bool isCut, string[] words)
    {
        if (words.Length == 0)
        {
            _cut.Clear();
        }

        foreach (var word in words)
        {
            var ends = word.Split(['-', '>'], StringSplitOptions.RemoveEmptyEntries).Select(ulong.Parse).ToArray();
            Set((ends[0], ends[1]));
            if (!word.Contains('>'))
            {
                Set((ends[1], ends[0]));
            }
        }

        void Set((ulong From, ulong To) link) => _ = isCut ? _cut.Add(link) : _cut.Remove(link);
    }

    private void Move(string verb, string[] words)
    {
        // Without a filter: until the network is quiet. With one: what is there now.
        var isWhole = words.Length == 0 && verb == "deliver";
        do
        {
            foreach (var message in _pool.Where(message => Matches(message, words)).ToArray())
            {
                MoveOne(verb, message);
            }
        }
        while (isWhole && _pool.Count > 0);
    }

    private void MoveOne(string verb, Message message)
    {
        if (verb == "duplicate")
        {
            _pool.Add(message);
            return;
        }

        _pool.Remove(message);
        var to = _members[(int)message.To.Value - 1];
        var isLost = verb == "drop" || !to.IsUp || _cut.Contains((message.From.Value, message.To.Value));
        _output.Add($"{MessageText.Of(message)}{(isLost ? " (lost)" : "")}");
        if (!isLost)
        {
            to.Step(message);
            Fetch(to);
        }
    }

    private static bool Matches(Message message, string[] words)
    {
        foreach (var word in words)
        {
            if (!word.Contains("->", StringComparison.Ordinal))
            {
                if (word != message.GetType().Name)
                {
                    return false;
                }

                continue;
            }

            var ends = word.Split("->");
            if ((ends[0] != "*" && ends[0] != $"{message.From.Value}")
                || (ends[1] != "*" && ends[1] != $"{message.To.Value}"))
            {
                return false;
            }
        }

        return true;
    }

    // Until the network is quiet, and the disks and apply of these members.
    private void Settle(string who)
    {
        var isBusy = true;
        while (isBusy)
        {
            isBusy = _pool.Count > 0;
            ForEach(who, member =>
            {
                isBusy |= member.Disk.PendingCount > 0 || member.ApplyCount > 0;
                Persist(member, int.MaxValue);
                Apply(member);
            });
            Move("deliver", ["*->*"]);
        }
    }

    private static void Sync(TestMember member)
    {
        while (member.Disk.PendingCount > 0)
        {
            member.Sync();
        }
    }

    private void Fetch(TestMember member)
    {
        _pool.AddRange(member.Outbox);
        member.Outbox.Clear();
        foreach (var answer in member.Reads)
        {
            _output.Add($"  {member.Id} read {answer.Id.Value}: {MessageText.Answer(answer.Index, answer.Refused)}");
        }

        member.Reads.Clear();
        foreach (var refused in member.Refused)
        {
            _output.Add($"  {member.Id} not done: {refused}");
        }

        member.Refused.Clear();
        if (member.Core is { } core)
        {
            RaftInvariants.Check(core);
        }
    }
}
