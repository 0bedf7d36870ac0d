using Microsoft.Extensions.Logging;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// All talk with other members: dials each, judges who calls, keeps one link per peer to send on, and hands what
/// comes in to the sink. Policy only: bytes are moved by the transport, so the simulator runs it whole.
/// </summary>
/// <remarks>
/// Has no clock: <see cref="Tick"/> is its time. Driven by one thread it is deterministic. Its lock is never held
/// while the sink or the transport is called, but for sending, which never calls back.
/// </remarks>
public sealed partial class PeerHub
{
    private readonly Lock _gate = new();
    private readonly PeerHubOptions _options;
    private readonly IPeerTransport _transport;
    private readonly IPeerSink _sink;
    private readonly IRandomSource _random;
    private readonly ILogger _logger;
    private readonly LinkNews _news;
    private readonly RefusalMemory _refusals = new();
    private readonly List<PeerSession> _sessions = [];
    private readonly List<PeerSession> _ticking = [];
    private PeerLink[] _links = [];
    private IReadOnlyList<NodeId> _removed = [];
    private bool _closed;

    /// <summary>A hub that does not listen yet; see <see cref="Listen"/>.</summary>
    public PeerHub(
        PeerHubOptions options, IPeerTransport transport, IPeerSink sink, IRandomSource random, ILogger logger,
        PeerMetrics metrics)
    {
        var faults = options.Validate();
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", faults), nameof(options));
        }

        _options = options;
        _transport = transport;
        _sink = sink;
        _random = random;
        _logger = logger;
        _news = new LinkNews(sink);
        Metrics = metrics;
    }

    /// <summary>What is counted.</summary>
    public PeerMetrics Metrics { get; }

    /// <summary>Starts to take calls.</summary>
    public void Listen() => _transport.Listen(Accept);

    /// <summary>Says whom to dial; this member itself is passed over. Who is left out is not dialed any more.</summary>
    public void SetPeers(IReadOnlyList<MemberInfo> peers)
    {
        lock (_gate)
        {
            foreach (var link in _links)
            {
                link.Info = null;
            }

            foreach (var peer in peers)
            {
                if (peer.Id != _options.Self)
                {
                    var link = FindOrAdd(peer.Id);
                    link.Info = peer;
                    link.RemovedTicks = 0;
                }
            }

            Volatile.Write(ref _links, Array.FindAll(_links, static link => !link.IsForgettable));
        }
    }

    /// <summary>Says what committed configurations say: who may be told to join, and who was removed.</summary>
    public void SetStanding(IReadOnlyList<NodeId> invited, IReadOnlyList<NodeId> removed)
    {
        lock (_gate)
        {
            _removed = removed;
            foreach (var link in _links)
            {
                link.IsInvited = invited.Contains(link.Id);
            }
        }
    }

    /// <summary>Asks who is at an address; the sink is told what was found, once.</summary>
    /// <param name="url">The address.</param>
    /// <param name="token">Names the question; not 0.</param>
    public void Probe(string url, ulong token)
    {
        var session = PeerSession.ForProbe(this, _options, url, token);
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _sessions.Add(session);
        }

        _transport.Dial(url, session);
    }

    /// <summary>Whether a link with this peer is up.</summary>
    public bool IsUp(NodeId peer)
    {
        lock (_gate)
        {
            return Find(peer) is { IsUp: true };
        }
    }

    /// <summary>One tick: dials who is due, ends what is silent, keeps alive what is quiet.</summary>
    public void Tick()
    {
        long untold;
        lock (_gate)
        {
            _ticking.AddRange(_sessions);
            untold = _refusals.TickGarbage();
        }

        foreach (var session in _ticking)
        {
            session.Tick();
        }

        _ticking.Clear();
        EndFarewells();
        DialThoseDue();
        if (untold > 0)
        {
            _logger.GarbageNotLogged(untold);
        }
    }

    /// <summary>Closes every connection, dials no more and takes no more calls.</summary>
    public void Close()
    {
        PeerSession[] sessions;
        lock (_gate)
        {
            _closed = true;
            sessions = [.. _sessions];
        }

        foreach (var session in sessions)
        {
            session.End("this member is stopping");
        }
    }

    private PeerSession? Accept(IPeerConnection connection)
    {
        lock (_gate)
        {
            if (_closed || _sessions.Count(static session => session is { IsDialed: false, IsUp: false })
                >= _options.StrangersMax)
            {
                return null;
            }

            var session = PeerSession.ForAccepted(this, _options, connection);
            _sessions.Add(session);
            return session;
        }
    }

    // A member that was removed keeps its links until its leader has told it, or had time enough.
    private void EndFarewells()
    {
        foreach (var link in Volatile.Read(ref _links))
        {
            PeerSession?[] sessions = [];
            lock (_gate)
            {
                if (link.Info is null && _removed.Contains(link.Id) && ++link.RemovedTicks > _options.FarewellTicks)
                {
                    sessions = [link.Dialed, link.Accepted];
                }
            }

            foreach (var session in sessions)
            {
                session?.End("it was removed from the cluster");
            }
        }
    }

    private void DialThoseDue()
    {
        foreach (var link in Volatile.Read(ref _links))
        {
            if (DialIfDue(link) is { } session)
            {
                _transport.Dial(session.Url, session);
            }
        }
    }

    private PeerSession? DialIfDue(PeerLink link)
    {
        lock (_gate)
        {
            if (_closed || link.Dialed is not null || link.Info is not { PeerUrls.Count: > 0 } info
                || !link.Redial.TickIsDue())
            {
                return null;
            }

            var url = info.PeerUrls[link.Redial.Failures % info.PeerUrls.Count];
            var session = PeerSession.ForDial(this, _options, link.Id, url);
            link.Dial(session);
            _sessions.Add(session);
            return session;
        }
    }

    // Sorted by id and replaced as a whole: senders read it without the lock.
    private PeerLink? Find(NodeId id)
    {
        foreach (var link in Volatile.Read(ref _links))
        {
            if (link.Id == id)
            {
                return link;
            }
        }

        return null;
    }

    private PeerLink FindOrAdd(NodeId id)
    {
        if (Find(id) is { } known)
        {
            return known;
        }

        var link = new PeerLink(
            id, new PeerOutput(_options.TurnBytesMax, Metrics), new RedialTimer(_options.RedialTicksMax, _random));
        PeerLink[] links = [.. _links, link];
        Array.Sort(links, static (left, right) => left.Id.CompareTo(right.Id));
        Volatile.Write(ref _links, links);
        return link;
    }
}
