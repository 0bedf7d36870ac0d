using Quorate.Mvcc;
using Quorate.Node;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Simulator;

/// <content>Which cluster a machine belongs to, and what becomes of its directory and its address.</content>
internal sealed partial class SimNode
{
    /// <summary>How a process starts where there is no directory yet.</summary>
    public Beginning Begins { get; private set; }

    /// <summary>Where its Raft listener is reached.</summary>
    public string Url { get; private set; }

    /// <summary>It belongs to a cluster of its own, which no checker of the cluster knows.</summary>
    public bool IsForeign { get; private set; }

    /// <summary>Its disk was lost, and it came back as if nothing had been.</summary>
    public bool IsWiped { get; private set; }

    /// <summary>Whether it runs and belongs to no cluster.</summary>
    public bool IsFree => IsUp && Member!.NodeState == NodeState.Unconfigured;

    // The checkers follow one cluster.
    private ClusterChecker? Watched => IsForeign ? null : _cluster.Checker;

    // Who it was before its disk was lost.
    private NodeId _lostSelf;

    // Writes that its own cluster has acknowledged.
    private int _ownWrites;

    /// <summary>The process ends, and its directory is made a new one, as <c>quorate reset</c> does.</summary>
    public void Reset(bool isAlone)
    {
        LoseDirectory(isAlone ? Beginning.Alone : Beginning.Unconfigured);
        IsWiped = false;
        _cluster.Table.Count(FaultKind.DirectoryReset);
    }

    /// <summary>The machine loses its disk, and starts again by the flags with which it first started.</summary>
    public void Wipe()
    {
        _lostSelf = Member!.Self;
        LoseDirectory(Begins);
        IsWiped = true;
        _cluster.Table.Count(FaultKind.VoterWiped);
    }

    /// <summary>The process ends, and comes back at another address.</summary>
    public void Move(string url)
    {
        Kill(withPower: true);
        _cluster.Network.Move(Host, Url, url);
        Url = url;
    }

    /// <summary>Writes to the cluster of its own.</summary>
    public void WriteOwn()
    {
        var command = CommandCodec.ToBytes(new PutCommand("own"u8.ToArray(), "data"u8.ToArray()));
        Enter(Process!, () => Member!.Propose(command, 4 * _cluster.Plan.ElectionTicks, new OwnWrite(this)));
    }

    private void LoseDirectory(Beginning begins)
    {
        Kill(withPower: true);
        Disk = new SimDisk(_random.Fork($"disk {_lives}"), _cluster.Plan.IsDiskStrict, _cluster.Table);
        Begins = begins;
        _hasStarted = false;
        _ownWrites = 0;
        _cluster.Checker.Forget(Number);
    }

    private void NoteCluster(Member member)
    {
        var cluster = member.Status().ClusterId;
        _cluster.Id = Begins == Beginning.Listed && _cluster.Id == UInt128.Zero ? cluster : _cluster.Id;
        IsForeign = cluster != UInt128.Zero && cluster != _cluster.Id;

        // Taken in under a new id, it is a member like any other.
        IsWiped &= cluster == UInt128.Zero || member.Self == _lostSelf;
        if (IsForeign && member.Core.Last.Index == LogIndex.Zero.Next)
        {
            _cluster.Table.Count(FaultKind.LoneCluster);
        }
    }

    // The host of a member stops it, gives the directory to the other cluster, and starts again. It may crash between.
    private void TakeOver(Invitation invitation)
    {
        var ended = Process!;
        ended.Kill();
        _cluster.Trace(this, $"is taken over as {invitation}");
        if (_ownWrites > 0)
        {
            throw new CheckerException(
                "Membership", $"machine {Number} is taken over, and had acknowledged {_ownWrites} writes");
        }

        var life = new SimProcess();
        if (_cluster.IsFaulty && _cluster.Plan.Has(FaultKind.CrashInStartup) && _random.Chance(0.3))
        {
            life.Doom(_random.Below(60));
        }

        Guard(life, () =>
        {
            using var directory = DataDirectory.Open(new SimFileSystem(Disk, life, DiskFaults), "/data");
            directory.TakeOver(
                invitation.Cluster, invitation.Member, invitation.Name,
                new WalOptions { SegmentBytes = _cluster.Plan.SegmentBytes });
            _cluster.Table.Count(IsForeign ? FaultKind.LoneTakenOver : FaultKind.DirectoryTakenOver);
        });
        if (life.IsAlive)
        {
            Ended(life, withPower: true);
        }
    }

    // Ids are never used again: who is removed by a committed configuration is so for good, and nobody else is.
    private void DemandTrulyRemoved(Member member)
    {
        if (!IsForeign && member.NodeState == NodeState.Removed && !_cluster.Checker.IsRemoved(member.Self))
        {
            throw new CheckerException(
                "Membership",
                $"{member.Self} calls itself removed; committed is {_cluster.Checker.CommittedConfig}");
        }
    }

    private sealed class OwnWrite(SimNode node) : IProposalWaiter
    {
        public void Completed(in ProposeOutcome outcome)
        {
            if (outcome.Kind == OutcomeKind.Done)
            {
                node._ownWrites++;
                node._cluster.Table.Count(FaultKind.LoneWrite);
            }
        }
    }
}

/// <summary>How a process starts where there is no directory yet.</summary>
internal enum Beginning
{
    /// <summary>As a voter of the start list.</summary>
    Listed,

    /// <summary>In no cluster.</summary>
    Unconfigured,

    /// <summary>As a cluster of one.</summary>
    Alone,
}
