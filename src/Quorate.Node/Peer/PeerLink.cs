using Quorate.Raft;

namespace Quorate.Node;

/// <summary>What the hub knows of one peer. Guarded by the hub's lock, but for <see cref="Output"/>.</summary>
/// <remarks>
/// A pair of members has up to two connections, one dialed by each. Both are read; we send on one, the first that came
/// up, until it ends: so frames keep their order on it and die with it.
/// </remarks>
internal sealed class PeerLink(NodeId id, PeerOutput output, RedialTimer redial)
{
    private PeerSession? _current;

    public NodeId Id { get; } = id;

    public PeerOutput Output { get; } = output;

    public RedialTimer Redial { get; } = redial;

    /// <summary>Its entry in the list of those to dial; null when it is not in our list.</summary>
    public MemberInfo? Info { get; set; }

    /// <summary>The connection that we dialed or are dialing.</summary>
    public PeerSession? Dialed { get; private set; }

    /// <summary>The newest connection that it made to us.</summary>
    public PeerSession? Accepted { get; private set; }

    /// <summary>The data directory that it showed when it was first met.</summary>
    public UInt128? MetDirectory { get; private set; }

    /// <summary>What was last logged as wrong with dialing it.</summary>
    public (bool Refused, RefusedBecause Because)? Trouble { get; set; }

    public bool TimingWasCompared { get; set; }

    /// <summary>A committed configuration names it: it may be told to join.</summary>
    public bool IsInvited { get; set; }

    /// <summary>Ticks since it was removed; its links stay up for a while, so that it learns of it.</summary>
    public int RemovedTicks { get; set; }

    /// <summary>It was up, and the sink was not told since that its process is gone.</summary>
    public bool IsLossOpen { get; set; }

    public bool IsUp => _current is not null;

    /// <summary>Nothing holds it: not in our list, and not connected.</summary>
    public bool IsForgettable => Info is null && Dialed is null && Accepted is null;

    public void Dial(PeerSession session) => Dialed = session;

    /// <summary>A session of ours came up. Returns the older one of the same side that it takes the place of.</summary>
    public PeerSession? Enter(PeerSession session, PeerHello hello)
    {
        MetDirectory ??= hello.DirectoryId;
        var older = session.IsDialed ? Dialed : Accepted;
        if (session.IsDialed)
        {
            Dialed = session;
        }
        else
        {
            Accepted = session;
        }

        if (_current is null)
        {
            SendOn(session);
        }

        return older == session ? null : older;
    }

    /// <summary>A session is over: the other one, if it is up, carries on.</summary>
    public void Leave(PeerSession session)
    {
        Dialed = Dialed == session ? null : Dialed;
        Accepted = Accepted == session ? null : Accepted;
        if (_current == session)
        {
            SendOn(Dialed is { IsUp: true } ? Dialed : Accepted);
        }
    }

    private void SendOn(PeerSession? session)
    {
        _current = session;
        Output.Attach(session);
    }
}
