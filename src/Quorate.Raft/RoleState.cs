namespace Quorate.Raft;

/// <summary>State that lives only as long as its role: leaving the role drops it.</summary>
internal abstract class RoleState
{
    private RoleState()
    {
    }

    public abstract RaftRole Role { get; }

    /// <summary>Follows a leader, or waits for one.</summary>
    public sealed class Follower(NodeId following, int readsMax) : RoleState
    {
        public override RaftRole Role => RaftRole.Follower;

        /// <summary>The leader of this term, or none yet.</summary>
        public NodeId Following { get; set; } = following;

        /// <summary>The end of what is known equal to this leader's log in this term, durable or not.</summary>
        public LogIndex Matched { get; set; }

        /// <summary>An append was accepted in this turn and is to be answered.</summary>
        public bool IsAnswerDue { get; set; }

        /// <summary>What the newest answer acknowledged.</summary>
        public LogIndex Answered { get; set; }

        /// <summary>The write that the newest answer waits for.</summary>
        public WriteId AnsweredWith { get; set; }

        public ReadRequests Reads { get; } = new(readsMax);
    }

    /// <summary>Asks whether it would be elected (thesis 9.6).</summary>
    public sealed class PreCandidate : RoleState
    {
        public override RaftRole Role => RaftRole.PreCandidate;

        public VoteTally Votes { get; } = new();
    }

    /// <summary>Asks for votes. Its own counts when it is durable.</summary>
    public sealed class Candidate : RoleState
    {
        public override RaftRole Role => RaftRole.Candidate;

        public VoteTally Votes { get; } = new();

        /// <summary>Term and vote are durable: the requests have left, our own vote counts, the timer runs.</summary>
        public bool IsReleased { get; set; }
    }

    /// <summary>Leads.</summary>
    public sealed class Leader(ProgressTracker peers, LogIndex noop, int readsMax) : RoleState
    {
        public override RaftRole Role => RaftRole.Leader;

        public ProgressTracker Peers { get; } = peers;

        public ReadQueue Reads { get; } = new(readsMax);

        /// <summary>Our first entry of this term: nothing is read before it is committed (thesis 6.4).</summary>
        public LogIndex Noop { get; } = noop;

        public int TicksSinceBeat { get; set; }

        /// <summary>Heartbeats are to leave with the next Ready.</summary>
        public bool IsBeatDue { get; set; }

        /// <summary>An acknowledgement came: the commit index is to be computed again.</summary>
        public bool HasNewAcknowledgements { get; set; }

        /// <summary>An echo came: the read round may be confirmed.</summary>
        public bool HasNewEchoes { get; set; }

        /// <summary>When we told another voter to run because our disk hangs; 0 when we have not.</summary>
        public ulong GaveWayAt { get; set; }

        /// <summary>Leadership on its way to another voter, or null.</summary>
        public LeadershipTransfer? Transfer { get; set; }

        /// <summary>A committed configuration does not name us: we leave at the end of this turn.</summary>
        public bool IsRemoved { get; set; }
    }
}

/// <summary>Leadership on its way to another voter (thesis 3.10).</summary>
internal sealed class LeadershipTransfer(NodeId target, ulong tick)
{
    public NodeId Target { get; } = target;

    public ulong StartedAt { get; } = tick;

    /// <summary>It holds our log and was told to run.</summary>
    public bool IsTold { get; set; }
}
