using Quorate.Raft;

namespace Quorate.Node;

/// <content>Who belongs to the cluster, and who leads it.</content>
public sealed partial class Member
{
    /// <summary>
    /// Called once, from a pump, when this node has been invited into another cluster and holds nothing: its host
    /// stops it, lets the data directory be taken over, and starts it again. Set it before anything is pumped.
    /// </summary>
    public Action<Invitation>? TakenOver
    {
        get => _loop.TakenOver;
        set => _loop.TakenOver = value;
    }

    /// <summary>
    /// Asks a node that holds nothing to take nothing in any more, so that its host may stop it and give its directory
    /// another identity. Told true when that holds, false when it holds something or belongs to a cluster of others.
    /// </summary>
    public void Leave(Action<bool> told)
    {
        ArgumentNullException.ThrowIfNull(told);
        if (!_inbox.TryPost(new NodeInput.LeaveAsked(told)))
        {
            told(false);
        }
    }

    /// <summary>The same for callers that await.</summary>
    public Task<bool> LeaveAsync()
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Leave(holdsNothing => answer.TrySetResult(holdsNothing));
        return answer.Task;
    }

    /// <summary>
    /// Asks for a change of the members, on any member: it is done by the leader. One change is under way at a time;
    /// the request waits for its turn until the deadline.
    /// </summary>
    /// <param name="change">What to change.</param>
    /// <param name="force">Takes it although too few of the voters that remain are connected.</param>
    /// <param name="deadlineTicks">Ticks until the waiter is told at the latest, but for an election timeout.</param>
    /// <param name="waiter">Who is told.</param>
    public void Change(MemberChange change, bool force, int deadlineTicks, IChangeWaiter waiter)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(waiter);
        if (!_inbox.TryPost(new NodeInput.ChangeAsked(change, force, Now + deadlineTicks, waiter)))
        {
            waiter.Completed(ChangeOutcome.NotDone(ChangeRefusal.ShuttingDown, "this node is stopping"));
        }
    }

    /// <summary>The same for callers that await.</summary>
    public Task<ChangeOutcome> ChangeAsync(MemberChange change, bool force, TimeSpan timeout)
    {
        var waiter = new ChangeWaiter();
        Change(change, force, _options.Ticks(timeout), waiter);
        return waiter.Task;
    }

    /// <summary>
    /// Hands leadership of this member to a voter, or (none) to the most advanced one. Told null when it does not lead
    /// any more, else why not; <see cref="TransferRefusal.UnderWay"/> also when the target did not take it in time.
    /// </summary>
    public void TransferLeadership(NodeId target, Action<TransferRefusal?> told)
    {
        ArgumentNullException.ThrowIfNull(told);
        if (!_inbox.TryPost(new NodeInput.TransferAsked(target, told)))
        {
            told(TransferRefusal.NotLeader);
        }
    }

    /// <summary>The same for callers that await.</summary>
    public Task<TransferRefusal?> TransferLeadershipAsync(NodeId target, TimeSpan timeout) =>
        AnswerAsync(told => TransferLeadership(target, told), timeout);

    /// <summary>
    /// Begins an election now; see <see cref="RaftCore.ForceElection"/>. Told null when it has begun.
    /// </summary>
    public void ForceElection(Action<TransferRefusal?> told)
    {
        ArgumentNullException.ThrowIfNull(told);
        if (!_inbox.TryPost(new NodeInput.ElectionAsked(told)))
        {
            told(TransferRefusal.NotAVoter);
        }
    }

    /// <summary>The same for callers that await.</summary>
    public Task<TransferRefusal?> ForceElectionAsync(TimeSpan timeout) => AnswerAsync(ForceElection, timeout);

    private static async Task<TransferRefusal?> AnswerAsync(Action<Action<TransferRefusal?>> ask, TimeSpan timeout)
    {
        var answer = new TaskCompletionSource<TransferRefusal?>(TaskCreationOptions.RunContinuationsAsynchronously);
        ask(refused => answer.TrySetResult(refused));
        try
        {
            return await answer.Task.WaitAsync(timeout);
        }
        catch (TimeoutException)
        {
            return TransferRefusal.UnderWay;
        }
    }

    private sealed class ChangeWaiter : IChangeWaiter
    {
        private readonly TaskCompletionSource<ChangeOutcome> _told =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<ChangeOutcome> Task => _told.Task;

        public void Completed(in ChangeOutcome outcome) => _told.TrySetResult(outcome);
    }
}
