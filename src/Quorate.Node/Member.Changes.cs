using Quorate.Raft;

namespace Quorate.Node;

/// <content>Who belongs to the cluster, and who leads it.</content>
public sealed partial class Member
{
    /// <summary>
    /// Asks for a change of the members, on any member: it is done by the leader. One change is under way at a time;
    /// the request waits for its turn until the deadline.
    /// </summary>
    /// <param name="change">What to change.</param>
    /// <param name="force">Takes it although too few of the voters that remain are connected.</param>
    /// <param name="deadlineTicks">Ticks until the waiter is told at the latest.</param>
    /// <param name="waiter">Who is told.</param>
    public void Change(MemberChange change, bool force, int deadlineTicks, IChangeWaiter waiter) =>
        throw new InvalidOperationException("contract only");

    /// <summary>The same for callers that await.</summary>
    public Task<ChangeOutcome> ChangeAsync(MemberChange change, bool force, TimeSpan timeout) =>
        throw new InvalidOperationException("contract only");

    /// <summary>
    /// Hands leadership of this member to a voter, or to the most advanced one, and waits until it does not lead any
    /// more. Null when it handed over; a refusal, or <see cref="TransferRefusal.UnderWay"/> when it was given up.
    /// </summary>
    public Task<TransferRefusal?> TransferLeadershipAsync(NodeId target, TimeSpan timeout) =>
        throw new InvalidOperationException("contract only");

    /// <summary>Begins an election now; see <see cref="RaftCore.ForceElection"/>. Null when it has begun.</summary>
    public Task<TransferRefusal?> ForceElectionAsync(TimeSpan timeout) =>
        throw new InvalidOperationException("contract only");

    /// <summary>Waits until a published status fulfils something; false when none did in time.</summary>
    public Task<bool> WaitForAsync(
        Func<MemberStatus, bool> holds, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("contract only");
}
