using Quorate.Mvcc;
using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary>The real member: whichever runs, when one takes the place of another in this process.</summary>
internal sealed class MemberGateway(Member first, TimeProvider time) : IMemberGateway
{
    private readonly Lock _gate = new();
    private volatile Member _member = first;
    private volatile bool _isRestarting;
    private CancellationTokenSource _ends = new();
    private MemberStatus _last = first.Status();

    /// <inheritdoc/>
    /// <remarks>While a member stops, its last picture is shown.</remarks>
    public MemberStatus Status
    {
        get
        {
            try
            {
                return _last = _member.Status();
            }
            catch (ObjectDisposedException)
            {
                return _last;
            }
        }
    }

    /// <inheritdoc/>
    public RaftStatus Raft => _member.Raft;

    /// <summary>The member is about to be stopped, and another to take its place.</summary>
    public void BeginRestart() => _isRestarting = true;

    /// <summary>The other one runs.</summary>
    public void EndRestart(Member member)
    {
        CancellationTokenSource ended;
        lock (_gate)
        {
            _member = member;
            _isRestarting = false;
            (ended, _ends) = (_ends, new CancellationTokenSource());
        }

        // Who waited for the picture of the one before goes on with this one.
        ended.Cancel();
        ended.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask<ProposeOutcome> ProposeAsync(ReadOnlyMemory<byte> command, TimeSpan timeout) =>
        _member.ProposeAsync(command, timeout);

    /// <inheritdoc/>
    public ValueTask<ReadOutcome> ReadIndexAsync(TimeSpan timeout) => _member.ReadIndexAsync(timeout);

    /// <inheritdoc/>
    /// <exception cref="MemberRestartingException">There is none for a moment.</exception>
    public ReadView OpenView()
    {
        var member = _member;
        try
        {
            return member.OpenView();
        }
        catch (ObjectDisposedException) when (_isRestarting || !ReferenceEquals(member, _member))
        {
            throw new MemberRestartingException();
        }
    }

    /// <inheritdoc/>
    public Task<bool> WaitForLeaderAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        WaitForAsync(static status => status.Raft.Leader != NodeId.None, timeout, cancellationToken);

    /// <inheritdoc/>
    public Task<ChangeOutcome> ChangeAsync(MemberChange change, bool force, TimeSpan timeout) =>
        _member.ChangeAsync(change, force, timeout);

    /// <inheritdoc/>
    public Task<TransferRefusal?> TransferLeadershipAsync(NodeId target, TimeSpan timeout) =>
        _member.TransferLeadershipAsync(target, timeout);

    /// <inheritdoc/>
    public Task<TransferRefusal?> ForceElectionAsync(TimeSpan timeout) => _member.ForceElectionAsync(timeout);

    /// <inheritdoc/>
    public async Task<bool> WaitForAsync(
        Func<MemberStatus, bool> holds, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        while (true)
        {
            var (member, ends) = Current();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ends, cancellationToken);
            var left = timeout - time.GetElapsedTime(startedAt);
            try
            {
                return await member.WaitForAsync(
                    holds, left > TimeSpan.Zero ? left : TimeSpan.Zero, time, either.Token);
            }
            catch (OperationCanceledException) when (ends.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
            catch (ObjectDisposedException) when (_isRestarting || !ReferenceEquals(member, _member))
            {
                throw new MemberRestartingException();
            }
        }
    }

    private (Member Member, CancellationToken Ends) Current()
    {
        lock (_gate)
        {
            return (_member, _ends.Token);
        }
    }
}
