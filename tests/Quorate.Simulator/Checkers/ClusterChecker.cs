using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Simulator;

/// <summary>
/// Holds every step of every node against the laws of Raft and against the abstract model: what changed since the
/// last look must be a step, or some steps, that <see cref="AbstractRules"/> allow in what the whole cluster was.
/// </summary>
/// <remarks>Incremental: a look costs what changed, not what there is.</remarks>
internal sealed class ClusterChecker(int machines, int electionTicks, HistoryChecker history)
{
    private readonly Dictionary<ulong, int> _nodeOf = [];
    private readonly NodeId[] _idOf = new NodeId[machines];
    private readonly ConfigBook _configs = new();
    private readonly HashSet<ulong> _members = [];
    private readonly NodeShadow[] _shadows = Enumerable.Range(0, machines).Select(_ => new NodeShadow()).ToArray();
    private readonly DurableLog[] _disks = Enumerable.Range(0, machines).Select(_ => new DurableLog()).ToArray();
    private readonly Dictionary<ulong, DurableLog> _lostDisks = [];
    private readonly DurableFrame?[] _underWay = new DurableFrame?[machines];
    private readonly Dictionary<EntryId, Term> _termBefore = [];
    private readonly Dictionary<EntryId, Operation?> _entries = [];
    private readonly Dictionary<ulong, (int Node, TermList Log, LogIndex Noop)> _leaders = [];
    private readonly Dictionary<(ulong Term, ulong Voter), ulong> _votes = [];
    private readonly Dictionary<(ulong Term, ulong Candidate), (EntryId Last, bool IsTransfer)> _campaigns = [];
    private readonly Dictionary<(ulong Term, ulong Candidate), HashSet<ulong>> _preVotes = [];
    private readonly Dictionary<ulong, ulong> _hashes = [];
    private readonly TermList _committed = new();
    private readonly StickinessChecker _stickiness = new(electionTicks);

    /// <summary>Finds the operation that a command's bytes belong to; null for none.</summary>
    public required Func<ReadOnlyMemory<byte>, Operation?> FindOperation { get; init; }

    /// <summary>The changes of members that were asked for.</summary>
    public ChangeBook Changes { get; } = new();

    /// <summary>The highest committed index.</summary>
    public LogIndex Committed => new((ulong)_committed.Last);

    /// <summary>The configuration of the highest committed index.</summary>
    public ClusterConfig CommittedConfig => _configs.At(_committed, _committed.Last).Config;

    /// <summary>Whether a committed configuration named it once, maybe as announced.</summary>
    public bool WasMember(NodeId id) => _members.Contains(id.Value);

    /// <summary>Whether a committed configuration named it once, and the newest does not.</summary>
    public bool IsRemoved(NodeId id) => WasMember(id) && Roster.Of(CommittedConfig).Find(id) is null;

    /// <summary>Whether a node's log has a configuration at or behind an index.</summary>
    public bool HasConfigFrom(int node, LogIndex from) =>
        _configs.At(_shadows[node].Log, _shadows[node].Log.Last).Index >= from;

    /// <summary>
    /// A machine's directory is gone: nobody is that member now. Since it never votes again, what it had acknowledged
    /// still counts as held: a quorum without it needs one of the others that hold it.
    /// </summary>
    public void Forget(int node)
    {
        _lostDisks[_idOf[node].Value] = _disks[node];
        _idOf[node] = NodeId.None;
        _shadows[node] = new NodeShadow();
        _disks[node] = new DurableLog();
    }

    /// <summary>The machine that is a member now; null for none.</summary>
    public int? MachineOf(NodeId id) =>
        _nodeOf.TryGetValue(id.Value, out var node) && _idOf[node] == id ? node : null;

    /// <summary>The machine that is a member, or was the last to be it; null for none.</summary>
    public int? LastMachineOf(NodeId id) => _nodeOf.TryGetValue(id.Value, out var node) ? node : null;

    public DurableLog DiskOf(int node) => _disks[node];

    /// <summary>A write was handed to a disk.</summary>
    public void WriteBegins(int node, DurableFrame frame) => _underWay[node] = frame;

    /// <summary>An entry was seen on its way to a disk.</summary>
    public void EntrySeen(EntryHeader header, ReadOnlyMemory<byte> payload)
    {
        if (!_entries.ContainsKey(header.Id))
        {
            _entries[header.Id] = header.Kind == EntryKind.Command ? FindOperation(payload) : null;
            if (header.Kind == EntryKind.ConfigChange && ClusterConfig.TryRead(payload.Span, out var config))
            {
                _configs.Add(header.Id, config);
            }
        }
    }

    /// <summary>The disk of a node has synced the write that was under way.</summary>
    public void WriteEnds(int node)
    {
        _disks[node].Apply(_underWay[node]!);
        _underWay[node] = null;
        NoteVote(node, _disks[node].HardState);
    }

    /// <summary>A process has started from what its disk held.</summary>
    public void Started(int node, RaftCore core, bool isFirst)
    {
        if (isFirst || _idOf[node] != core.Self)
        {
            BecomesMember(node, core.Self, isTakenOver: !isFirst);
        }
        else
        {
            DemandNothingLost(node, core);
        }

        _underWay[node] = null;
        _disks[node].Restart(core.HardState, core.Log);
        NoteVote(node, core.HardState);
        var shadow = _shadows[node];
        shadow.HardState = core.HardState;
        shadow.Role = RaftRole.Follower;
        shadow.Commit = shadow.Applied = core.AppliedIndex;
        TakeLog(shadow, core.Log);
        if (_entries.Count == 0 && core.Log.Last.Index.Value == 1)
        {
            _entries[core.Log.Last] = null;
            _configs.Add(core.Log.Last, core.Log.Config);
        }
    }

    /// <summary>The core of a node tells a fact; what it did is in its state by now.</summary>
    public void FactHappened(int node, RaftCore core, RaftStatus before, RaftFact fact)
    {
        _stickiness.FactHappened(before, fact, fact is RaftFact.VoteCast vote && IsTransfer(vote));
        switch (fact)
        {
            case RaftFact.PreVoteCast { Granted: true } cast:
                PreVotesFor(cast.Asked.Value, cast.Candidate.Value).Add(core.Self.Value);
                break;
            case RaftFact.Campaigned campaigned:
                Campaigned(node, core, campaigned);
                break;
            case RaftFact.ElectionWon won:
                Elected(node, core, won);
                break;
            case RaftFact.LogTruncated or RaftFact.SnapshotInstalled:
                _shadows[node].IsTruncated = true;
                break;
        }
    }

    /// <summary>The node loop of a node was pumped.</summary>
    public void Pumped(int node, RaftCore core)
    {
        var shadow = _shadows[node];
        var log = core.Log;
        if (shadow.HardState != core.HardState)
        {
            CheckHardState(node, shadow, core);
        }

        if (shadow.IsTruncated || shadow.Log.LastId != log.Last)
        {
            CheckLog(node, shadow, core);
        }

        if (shadow.Commit != core.CommitIndex)
        {
            CheckCommit(node, shadow, core);
        }

        shadow.HardState = core.HardState;
        shadow.Role = core.Role.Role;
    }

    /// <summary>A process has ended, maybe within a turn: what it had decided may have left already.</summary>
    public void Crashed(int node, RaftCore core)
    {
        var shadow = _shadows[node];
        if (_leaders.TryGetValue(core.HardState.Term.Value, out var leader) && leader.Node == node)
        {
            CheckLog(node, shadow, core);
        }

        if (shadow.Commit != core.CommitIndex)
        {
            CheckCommit(node, shadow, core);
        }
    }

    /// <summary>The apply loop of a node was pumped.</summary>
    public void Applied(int node, ulong index, ulong hash)
    {
        var shadow = _shadows[node];
        if (index == shadow.Applied.Value)
        {
            return;
        }

        Demand(index > shadow.Applied.Value, "Apply", $"node {node} applied {index} behind {shadow.Applied}");
        Demand(index <= Committed.Value, "Apply", $"node {node} applied {index}; {Committed} is committed");
        Demand(index <= _disks[node].LastIndex.Value, "Apply",
            $"node {node} applied {index}; its disk holds {_disks[node]}");
        shadow.Applied = new LogIndex(index);
        if (!_hashes.TryAdd(index, hash))
        {
            Demand(_hashes[index] == hash, "StateHash", $"node {node} has another state at {index} than others had");
        }
    }

    /// <summary>A frame leaves a node: what it claims must be on its disk.</summary>
    public void FrameLeaves(int node, ReadOnlySpan<byte> body)
    {
        var kind = PeerFrame.KindOf(body);
        if (kind is not (PeerFrameKind.VoteRequest or PeerFrameKind.VoteResponse or PeerFrameKind.AppendResponse
            or PeerFrameKind.HeartbeatRequest or PeerFrameKind.HeartbeatResponse or PeerFrameKind.PreVoteResponse
            or PeerFrameKind.SnapshotResponse))
        {
            return;
        }

        if (!PeerCodec.TryDecode(body.ToArray(), out var sent))
        {
            throw new CheckerException("Durability", $"node {node} sends a frame that cannot be read");
        }

        _stickiness.Sent(sent.Message);
        var disk = _disks[node];
        var isDurable = sent.Message switch
        {
            Message.VoteRequest vote =>
                disk.HardState == new HardState(vote.Term, vote.From) || disk.HardState.Term > vote.Term,
            Message.VoteResponse { Granted: true } vote =>
                disk.HardState == new HardState(vote.Term, vote.To) || disk.HardState.Term > vote.Term,
            Message.AppendResponse { Accepted: true } answer =>
                disk.HardState.Term >= answer.Term && HoldsWhatLeaderHas(disk, answer),
            Message.HeartbeatRequest beat => disk.HardState.Term >= beat.Term,
            _ => true,
        };
        Demand(isDurable, "Durability", $"node {node} sends {sent.Message}; its disk holds {disk}");
        if (sent.Message is Message.VoteResponse { Granted: true } given)
        {
            // One write may bring a vote and a later term at once: the disk then shows the later one only, and nobody
            // can be voted for in the earlier one any more.
            NoteVote(node, new HardState(given.Term, given.To));
        }
    }

    private bool HoldsWhatLeaderHas(DurableLog disk, Message.AppendResponse answer)
    {
        if (disk.HardState.Term > answer.Term || answer.Index == LogIndex.Zero)
        {
            // A held answer of an older term may leave late; the leader of that term is told nothing that it counts.
            return true;
        }

        return _leaders.TryGetValue(answer.Term.Value, out var leader)
            && (int)answer.Index.Value <= leader.Log.Last
            && disk.Holds(new EntryId(new Term(leader.Log.TermAt((int)answer.Index.Value)), answer.Index));
    }

    private void DemandNothingLost(int node, RaftCore core)
    {
        var disk = _disks[node];
        var isSame = disk.IsSameAs(core.HardState, core.Log);
        if (!isSame && _underWay[node] is { } frame)
        {
            var withFrame = disk.Copy();
            withFrame.Apply(frame);
            isSame = withFrame.IsSameAs(core.HardState, core.Log);
        }

        Demand(isSame, "Durability",
            $"node {node} recovered {core.HardState} ({core.Log.Before})..{core.Log.Last}; its disk held {disk}");
    }

    private void NoteVote(int node, HardState hardState)
    {
        if (hardState.Vote == NodeId.None)
        {
            return;
        }

        var key = (hardState.Term.Value, _idOf[node].Value);
        if (!_votes.TryAdd(key, hardState.Vote.Value))
        {
            Demand(_votes[key] == hardState.Vote.Value, "ElectionSafety",
                $"node {node} votes twice in term {hardState.Term}");
        }
    }

    private void CheckHardState(int node, NodeShadow shadow, RaftCore core)
    {
        var (before, after) = (shadow.HardState, core.HardState);
        Demand(after.Term >= before.Term, "Trace", $"the term of node {node} goes from {before} to {after}");
        if (after.Term == before.Term)
        {
            Demand(AbstractRules.IsFreeToVote(before.Vote.Value, after.Vote.Value), "Trace",
                $"the vote of node {node} goes from {before} to {after}");
        }

        if (after.Vote == NodeId.None || after.Vote == core.Self)
        {
            return;
        }

        Demand(_campaigns.TryGetValue((after.Term.Value, after.Vote.Value), out var campaign), "Trace",
            $"node {node} votes for {after.Vote}, which does not ask for term {after.Term}");
        var last = campaign.Last;
        var ours = shadow.Log.LastId;
        Demand(
            ours != core.Log.Last || AbstractRules.IsUpToDate(
                last.Term.Value, (int)last.Index.Value, ours.Term.Value, (int)ours.Index.Value),
            "Trace", $"node {node} votes for a log that ends at {last}; its own ends at {ours}");
    }

    private void CheckLog(int node, NodeShadow shadow, RaftCore core)
    {
        shadow.IsTruncated = false;
        var before = shadow.Log.Copy();
        TakeLog(shadow, core.Log);
        var term = core.HardState.Term.Value;
        var isOneTerm = shadow.HardState.Term.Value == term;
        if (!isOneTerm || core.Log.Before.Index.Value > (ulong)before.Last)
        {
            // Several leaders in one look, or a snapshot: log matching, checked entry by entry, says enough.
            return;
        }

        Demand(_leaders.TryGetValue(term, out var leader), "Trace",
            $"{core.Self} follows a leader of term {term}; there is none");
        if (leader.Node == node)
        {
            CheckLeaderAppends(before, shadow.Log, core);
        }
        else
        {
            Demand(AbstractRules.MayFollow(before.View, shadow.Log.View, leader.Log.View, CommonBase(core)), "Trace",
                $"the log of {core.Self} changes otherwise than by an append of term {term}: "
                + $"{before.LastId} to {shadow.Log.LastId}");
        }
    }

    private static int CommonBase(RaftCore core) => (int)core.Log.Before.Index.Value;

    private void CheckLeaderAppends(TermList before, TermList after, RaftCore core)
    {
        var term = core.HardState.Term.Value;
        var (_, log, noop) = _leaders[term];
        Demand(after.Last >= before.Last, "Trace", $"the leader {core.Self} cuts its log");
        for (var index = log.Last + 1; index <= after.Last; index++)
        {
            Demand(after.TermAt(index) == term, "Trace",
                $"the leader {core.Self} of term {term} appends an entry of term {after.TermAt(index)}");
            CheckConfigAppended(log, index, noop, core);
            log.Add(term);
        }
    }

    // Thesis 9.6: nobody raises the term before a quorum has said that it would elect it, unless it was told to run.
    private void Campaigned(int node, RaftCore core, RaftFact.Campaigned campaigned)
    {
        var term = campaigned.Term.Value;
        _campaigns[(term, core.Self.Value)] = (core.Log.Last, campaigned.Transfer);
        var granted = PreVotesFor(term, core.Self.Value);
        granted.Add(core.Self.Value);
        var (index, config) = _configs.At(core.Log, _committed, core.Log.LastIndex);
        Demand(
            config.IsVoter(core.Self)
            || (index > core.CommitIndex
                && _configs.At(core.Log, _committed, index.Previous).Config.IsVoter(core.Self)),
            "Membership", $"{core.Self} campaigns, and is no voter of {config}");
        Demand(campaigned.Transfer || ConfigBook.IsQuorum(config, id => granted.Contains(id.Value)), "PreVote",
            $"{core.Self} campaigns for term {term}; {granted.Count} would elect it, no quorum of {config}");
    }

    private bool IsTransfer(RaftFact.VoteCast vote) =>
        _campaigns.TryGetValue((vote.Term.Value, vote.Candidate.Value), out var campaign) && campaign.IsTransfer;

    private HashSet<ulong> PreVotesFor(ulong term, ulong candidate)
    {
        if (!_preVotes.TryGetValue((term, candidate), out var granted))
        {
            _preVotes[(term, candidate)] = granted = [];
        }

        return granted;
    }

    private void Elected(int node, RaftCore core, RaftFact.ElectionWon won)
    {
        var term = won.Term.Value;
        var config = _configs.At(core.Log, _committed, core.Log.LastIndex).Config;
        Demand(
            ConfigBook.IsQuorum(config, id =>
                _votes.TryGetValue((term, id.Value), out var vote) && vote == core.Self.Value),
            "Trace", $"{core.Self} leads term {term} without the durable votes of a quorum of {config}");
        Demand(!_leaders.TryGetValue(term, out var other) || other.Node == node, "ElectionSafety",
            $"nodes {other.Node} and {node} both lead term {term}");

        _leaders[term] = (node, new TermList(), won.Noop.Index);
        if (core.Role.Role != RaftRole.Leader || core.HardState.Term != won.Term)
        {
            // Deposed in the same turn, as after a pause: it has sent nothing.
            return;
        }

        Demand(
            won.Noop.Index <= core.Log.LastIndex && core.Log.IdAt(won.Noop.Index) == won.Noop, "Trace",
            $"{core.Self} leads term {term}, which does not begin with an entry of its own");
        var last = _committed.LastId;
        Demand(won.Term < last.Term || core.Log.Before.Index >= last.Index || core.Log.Matches(last),
            "LeaderCompleteness", $"{core.Self} leads term {term} without the committed entry {last}");
        TakeLog(_shadows[node], core.Log);
        _leaders[term] = (node, _shadows[node].Log.Copy(), won.Noop.Index);
    }

    private void CheckCommit(int node, NodeShadow shadow, RaftCore core)
    {
        var commit = core.CommitIndex;
        Demand(commit > shadow.Commit, "Commit", $"the commit index of node {node} falls to {commit}");
        Demand(commit <= core.Log.LastIndex, "Commit", $"node {node} commits {commit}, behind its log");
        var known = LogIndex.Min(commit, Committed);
        Demand(
            known <= core.Log.Before.Index || core.Log.IdAt(known).Term.Value == _committed.TermAt((int)known.Value),
            "Commit", $"node {node} commits another entry at {known} than others did");
        if (commit > Committed)
        {
            Extend(node, shadow, core, commit);
        }

        shadow.Commit = commit;
    }

    private void Extend(int node, NodeShadow shadow, RaftCore core, LogIndex commit)
    {
        var last = core.Log.IdAt(commit);
        _configs.Learn(core.Log);
        Demand(IsHeldByQuorum(shadow.Log, last), "Commit",
            $"node {node} commits {last}, which no quorum of {_configs.At(shadow.Log, shadow.Log.Last).Config} holds");
        Demand(TermLed(shadow, core) == last.Term.Value, "Commit",
            $"node {node} commits {last} first, and did not lead its term");
        DemandQuorumOfConfigs(shadow.Log, core, commit);
        for (var index = Committed.Next; index <= commit; index = index.Next)
        {
            var id = core.Log.IdAt(index);
            Demand(_entries.TryGetValue(id, out var operation), "Commit", $"{id} is committed and was never written");
            _committed.Add(id.Term.Value);
            NoteMembers(index);
            history.Committed(index.Value, operation);
        }
    }

    // A leader counts by the newest configuration of its log (thesis 4.1), and may have appended one since it counted.
    private bool IsHeldByQuorum(TermList log, EntryId last)
    {
        for (var upTo = log.Last; ;)
        {
            var (index, config) = _configs.At(log, upTo);
            if (ConfigBook.IsQuorum(config, voter => IsHeldBy(voter, last)))
            {
                return true;
            }

            if (index <= last.Index)
            {
                return false;
            }

            upTo = (int)index.Value - 1;
        }
    }

    private bool IsHeldBy(NodeId voter, EntryId entry) =>
        (MachineOf(voter) is { } machine && _disks[machine].Holds(entry))
        || (_lostDisks.TryGetValue(voter.Value, out var lost) && lost.Holds(entry));

    // An entry with a configuration is committed by that configuration: a joint one by both majorities, also where the
    // next one, and what it committed, followed in the same turn.
    private void DemandQuorumOfConfigs(TermList log, RaftCore core, LogIndex commit)
    {
        for (var (index, config) = _configs.At(log, (int)commit.Value); index > Committed;)
        {
            var id = core.Log.IdAt(index);
            Demand(
                ConfigBook.IsQuorum(config, voter => IsHeldBy(voter, id)),
                "Membership", $"{core.Self} commits {config} at {id}, which no quorum of it holds");
            (index, config) = _configs.At(log, (int)index.Value - 1);
        }
    }

    // Thesis 4.1 and its cure of single-server changes: one change at a time, each on a committed one, and none before
    // an entry of the leader's own term is committed.
    private void CheckConfigAppended(TermList log, int index, LogIndex noop, RaftCore core)
    {
        log.Add(core.HardState.Term.Value);
        var (at, config) = _configs.At(log, index);
        log.CutBehind(index - 1);
        if (at.Value != (ulong)index)
        {
            return;
        }

        var before = _configs.At(log, index - 1);
        Demand(noop <= core.CommitIndex, "Membership",
            $"{core.Self} appends {config} at {index} before its first entry, {noop}, is committed");
        Demand(before.Index <= core.CommitIndex, "Membership",
            $"{core.Self} appends {config} at {index} while {before.Config} at {before.Index} is not committed");
    }

    private void NoteMembers(LogIndex index)
    {
        var (at, config) = _configs.At(_committed, _committed.Last);
        if (at != index)
        {
            return;
        }

        foreach (var member in Roster.Of(config).Members)
        {
            _members.Add(member.Id.Value);
        }

        Changes.Committed(config);
    }

    // A directory goes to another cluster only while it holds nothing; one that was reset is another directory.
    private void BecomesMember(int node, NodeId self, bool isTakenOver)
    {
        Demand(!isTakenOver || _shadows[node].Log.Last == 0, "Membership",
            $"machine {node} becomes member {self} with a log that ends at {_shadows[node].Log.LastId}");
        _idOf[node] = self;
        _nodeOf[self.Value] = node;
        _shadows[node] = new NodeShadow();
        _disks[node] = new DurableLog();
    }

    // A leader may step down in the same turn in which it commits.
    private static ulong TermLed(NodeShadow shadow, RaftCore core) => core.Role.Role == RaftRole.Leader
        ? core.HardState.Term.Value
        : shadow.Role == RaftRole.Leader ? shadow.HardState.Term.Value : 0;

    // Takes over what changed at the end of a log. Log matching: an entry has one entry before it, on every node.
    private void TakeLog(NodeShadow shadow, RaftLog log)
    {
        var kept = Math.Min(shadow.Log.Last, (int)log.LastIndex.Value);
        var bound = (int)log.Before.Index.Value;
        while (kept > bound && shadow.Log.TermAt(kept) != log.IdAt(new LogIndex((ulong)kept)).Term.Value)
        {
            kept--;
        }

        shadow.Log.CutBehind(kept);
        if (bound > 0 && !shadow.Log.Holds(log.Before))
        {
            // Under a snapshot everything is committed, and known as such.
            shadow.Log.CutBehind(0);
            while (shadow.Log.Last < bound)
            {
                shadow.Log.Add(_committed.TermAt(shadow.Log.Last + 1));
            }
        }

        for (var index = shadow.Log.Last + 1; index <= (int)log.LastIndex.Value; index++)
        {
            var id = log.IdAt(new LogIndex((ulong)index));
            var previous = new Term(shadow.Log.TermAt(index - 1));
            if (!_termBefore.TryAdd(id, previous))
            {
                Demand(_termBefore[id] == previous, "LogMatching",
                    $"{id} stands behind an entry of term {previous} here, and of {_termBefore[id]} elsewhere");
            }

            shadow.Log.Add(id.Term.Value);
        }
    }

    private static void Demand(bool condition, string checker, string because)
    {
        if (!condition)
        {
            throw new CheckerException(checker, because);
        }
    }
}
