using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// One connection with some peer: bytes in, handshake, frames out to the hub. It is up when both sides have accepted;
/// see docs/format/peer.md. It holds no bytes of its own, so its memory is bounded by the transport's.
/// </summary>
/// <remarks>
/// Its handler calls never overlap; Tick and TrySend come from other threads. It ends once: by the transport, by
/// what came on it, or by the hub; whoever is first says why.
/// </remarks>
internal sealed class PeerSession : IPeerConnectionHandler
{
    private readonly PeerHub _hub;
    private readonly PeerHubOptions _options;
    private readonly Lock _gate = new();
    private volatile IPeerConnection? _connection;
    private volatile Phase _phase;
    private volatile bool _heard;
    private volatile bool _spoke;
    private int _silentTicks;
    private int _quietTicks;

    private PeerSession(PeerHub hub, PeerHubOptions options, NodeId dialed, string url)
    {
        _hub = hub;
        _options = options;
        Dialed = dialed;
        Url = url;
    }

    private enum Phase
    {
        Dialing,
        AwaitingHello,
        AwaitingVerdict,
        Up,
        Ended,
    }

    /// <summary>Whom we dialed; None when we were dialed.</summary>
    public NodeId Dialed { get; }

    /// <summary>What we dialed; empty when we were dialed.</summary>
    public string Url { get; }

    /// <summary>The probe that dialed; 0 for none.</summary>
    public ulong Probe { get; private init; }

    public bool IsDialed => Dialed != NodeId.None || IsProbe;

    /// <summary>It only asks who is there.</summary>
    public bool IsProbe => Probe != 0;

    /// <summary>Who the other side says it is, once it said so.</summary>
    public PeerHello? Hello { get; private set; }

    /// <summary>The handshake was refused, by us or by the other side.</summary>
    public bool WasRefused { get; private set; }

    /// <summary>Ticks since the link came up.</summary>
    public int UpTicks { get; private set; }

    public bool IsUp => _phase == Phase.Up;

    public string Remote => _connection?.Remote ?? Url;

    /// <summary>A connection that we are about to dial.</summary>
    public static PeerSession ForDial(PeerHub hub, PeerHubOptions options, NodeId peer, string url) =>
        new(hub, options, peer, url);

    /// <summary>A connection that we are about to dial to ask who is there.</summary>
    public static PeerSession ForProbe(PeerHub hub, PeerHubOptions options, string url, ulong token) =>
        new(hub, options, NodeId.None, url) { Probe = token };

    /// <summary>A connection that somebody made to us: nothing is said before it says hello.</summary>
    public static PeerSession ForAccepted(PeerHub hub, PeerHubOptions options, IPeerConnection connection) =>
        new(hub, options, NodeId.None, "") { _connection = connection, _phase = Phase.AwaitingHello };

    /// <inheritdoc/>
    public void Connected(IPeerConnection connection)
    {
        _connection = connection;
        if (TryEnter(Phase.AwaitingHello))
        {
            SayHello();
        }
        else
        {
            // It took too long, and the hub has dialed again meanwhile.
            connection.Close();
        }
    }

    /// <inheritdoc/>
    public int Received(ReadOnlySpan<byte> bytes)
    {
        _heard = true;
        var done = 0;
        while (_phase != Phase.Ended)
        {
            var bodyBytesMax = IsUp ? PeerFrame.BodyBytesMax : PeerFrame.HandshakeBytesMax;
            if (PeerFrame.Read(bytes[done..], bodyBytesMax, out var body, out var used) is { } fault)
            {
                EndForGarbage(fault);
                break;
            }

            if (used == 0)
            {
                return done;
            }

            done += used;
            _hub.Metrics.FrameReceived(used);
            OnFrame(PeerFrame.KindOf(body), body);
        }

        return bytes.Length;
    }

    /// <inheritdoc/>
    public void Closed(bool refused, string why) => End(refused, why);

    /// <summary>Sends whole frames, or nothing.</summary>
    public bool TrySend(ReadOnlySpan<byte> frames)
    {
        _spoke = true;
        return _connection is { } connection && connection.TrySend(frames);
    }

    /// <summary>One tick: the other side's silence ends the session, our own is broken by a keep-alive.</summary>
    public void Tick()
    {
        if (IsUp)
        {
            TickUp();
        }
        else if (++_silentTicks > _options.HandshakeTicksMax)
        {
            End(refused: false, _phase == Phase.Dialing ? "no answer" : "no handshake in time");
        }
    }

    /// <summary>Ends the session for a reason of the hub's.</summary>
    public void End(string why) => End(refused: false, why);

    private void TickUp()
    {
        UpTicks++;
        _silentTicks = _heard ? 0 : _silentTicks + 1;
        _quietTicks = _spoke ? 0 : _quietTicks + 1;
        _heard = false;
        _spoke = false;
        if (_silentTicks > _options.SilenceTicksMax)
        {
            End(refused: false, "nothing was heard for too long");
        }
        else if (_quietTicks >= _options.KeepAliveTicks)
        {
            SendBare(PeerFrameKind.KeepAlive);
            _quietTicks = 0;
        }
    }

    private void OnFrame(PeerFrameKind kind, ReadOnlySpan<byte> body)
    {
        switch (_phase)
        {
            case Phase.AwaitingHello when kind == PeerFrameKind.Hello:
                OnHello(body);
                break;
            case Phase.AwaitingVerdict when kind == PeerFrameKind.Accept:
                OnAccept();
                break;
            case Phase.AwaitingHello when kind == PeerFrameKind.Refuse && IsDialed:
            case Phase.AwaitingVerdict when kind == PeerFrameKind.Refuse:
                OnRefuse(body);
                break;
            case Phase.Up when kind > PeerFrameKind.Refuse:
                OnTalk(kind, body);
                break;
            default:
                EndForGarbage($"{kind} where it has no place");
                break;
        }
    }

    private void OnHello(ReadOnlySpan<byte> body)
    {
        if (!PeerHello.TryRead(body, out var hello))
        {
            EndForGarbage("a hello that cannot be read");
            return;
        }

        Hello = hello;
        if (IsProbe || hello.IsProbe)
        {
            OnProbe(hello);
            return;
        }

        if (_hub.Judge(this, hello) is { } refusal)
        {
            Refuse(refusal);
            return;
        }

        if (!IsDialed)
        {
            SayHello();
        }

        if (TryEnter(Phase.AwaitingVerdict))
        {
            SendBare(PeerFrameKind.Accept);
        }
    }

    private void OnProbe(PeerHello hello)
    {
        if (IsProbe)
        {
            _hub.OnProbed(this, hello);
        }
        else if (!IsDialed)
        {
            SayHello();
        }

        End("one of us only asked who is there");
    }

    private void OnAccept()
    {
        if (TryEnter(Phase.Up))
        {
            _hub.OnUp(this);
        }
    }

    private void OnRefuse(ReadOnlySpan<byte> body)
    {
        if (!HandshakeRefusal.TryRead(body, out var refusal))
        {
            EndForGarbage("a refusal that cannot be read");
            return;
        }

        EndForRefusal(refusal, byPeer: true);
    }

    private void OnTalk(PeerFrameKind kind, ReadOnlySpan<byte> body)
    {
        if (kind == PeerFrameKind.KeepAlive)
        {
            return;
        }

        var (from, to) = PeerCodec.PeekEnds(body);
        if (from != Hello!.Member || to != _options.Self)
        {
            EndForGarbage($"a frame from {from} to {to} on a link of {Hello.Member} with {_options.Self}");
        }
        else if (!_hub.TryDeliver(from, kind, body))
        {
            EndForGarbage($"{kind} that cannot be read");
        }
    }

    private void Refuse(HandshakeRefusal refusal)
    {
        var buffer = new PeerBuffer();
        refusal.Write(buffer);
        TrySend(buffer.Written);
        EndForRefusal(refusal, byPeer: false);
    }

    private void EndForRefusal(HandshakeRefusal refusal, bool byPeer)
    {
        WasRefused = true;
        _hub.OnRefused(this, refusal, byPeer);
        End(refused: false, "the handshake was refused");
    }

    private void SayHello()
    {
        var buffer = new PeerBuffer();
        _hub.HelloFor(this).Write(buffer);
        TrySend(buffer.Written);
    }

    private void SendBare(PeerFrameKind kind)
    {
        var buffer = new PeerBuffer();
        var start = PeerFrame.Begin(buffer, kind);
        Invariant.Holds(PeerFrame.End(buffer, start), "a frame without a rest is short");
        TrySend(buffer.Written);
    }

    private void EndForGarbage(string what)
    {
        _hub.OnGarbage(this, what);
        End(refused: false, $"it sent {what}");
    }

    private void End(bool refused, string why)
    {
        bool wasUp;
        lock (_gate)
        {
            if (_phase == Phase.Ended)
            {
                return;
            }

            wasUp = _phase == Phase.Up;
            refused &= _phase == Phase.Dialing;
            _phase = Phase.Ended;
        }

        _connection?.Close();
        _hub.OnEnded(this, wasUp, refused, why);
    }

    // Ended is for ever, whichever thread said so.
    private bool TryEnter(Phase phase)
    {
        lock (_gate)
        {
            if (_phase == Phase.Ended)
            {
                return false;
            }

            _phase = phase;
            return true;
        }
    }
}
