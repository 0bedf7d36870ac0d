using Quorate.Mvcc;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary>The little that the HTTP API asks of a member; its tests answer in the member's place.</summary>
internal interface IMemberGateway
{
    /// <summary>The newest published picture; there before any leader is.</summary>
    MemberStatus Status { get; }

    /// <summary>The core in the newest published picture; asked for on every request.</summary>
    RaftStatus Raft => Status.Raft;

    /// <summary>Proposes a command; its bytes must not change until the answer is there.</summary>
    ValueTask<ProposeOutcome> ProposeAsync(ReadOnlyMemory<byte> command, TimeSpan timeout);

    /// <summary>After it confirms, a new view shows everything acknowledged before the call.</summary>
    ValueTask<ReadOutcome> ReadIndexAsync(TimeSpan timeout);

    /// <summary>What is at hand here, however old.</summary>
    ReadView OpenView();

    /// <summary>Waits until a leader is known; false when the time is over.</summary>
    Task<bool> WaitForLeaderAsync(TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Changes who belongs to the cluster; done by the leader, whoever is asked.</summary>
    Task<ChangeOutcome> ChangeAsync(MemberChange change, bool force, TimeSpan timeout);

    /// <summary>Hands leadership to a voter, or (none) to the most advanced one; null when that was done.</summary>
    Task<TransferRefusal?> TransferLeadershipAsync(NodeId target, TimeSpan timeout);

    /// <summary>Begins an election; null when it has begun.</summary>
    Task<TransferRefusal?> ForceElectionAsync(TimeSpan timeout);

    /// <summary>Waits until the member's picture fulfils something; false when the time is over.</summary>
    Task<bool> WaitForAsync(Func<MemberStatus, bool> holds, TimeSpan timeout, CancellationToken cancellationToken);
}
