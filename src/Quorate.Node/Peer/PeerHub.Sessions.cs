using Microsoft.Extensions.Logging;
using Quorate.Raft;

namespace Quorate.Node;

/// <content>What sessions tell the hub. Each call changes the tables under the lock, then speaks without it.</content>
public sealed partial class PeerHub
{
    /// <summary>Whether the other side of a session may talk to us.</summary>
    internal HandshakeRefusal? Judge(PeerSession session, PeerHello hello)
    {
        var own = _options.HelloTo(session.Dialed);
        var known = _options.KnownDirectory(hello.Member);
        HandshakeRefusal? refusal;
        lock (_gate)
        {
            var link = Find(hello.Member);
            refusal = HandshakeJudge.Judge(own, hello, known ?? link?.MetDirectory, _removed.Contains(hello.Member));
            if (refusal is null && link is null && _links.Length >= _options.PeersMax)
            {
                refusal = new HandshakeRefusal(RefusedBecause.TooMany, $"{own} has no room for {hello}");
            }
        }

        if (refusal is { Because: RefusedBecause.Joining })
        {
            _sink.Invited(new Invitation(hello.ClusterId, hello.Expected, hello.ExpectedName));
        }

        return refusal;
    }

    /// <summary>What we say of ourselves on a session, and of whom we expect on its other side.</summary>
    internal PeerHello HelloFor(PeerSession session)
    {
        if (session.IsProbe || session.Hello is { IsProbe: true })
        {
            return _options.HelloTo(NodeId.None) with { IsProbe = session.IsProbe };
        }

        var expected = session.IsDialed ? session.Dialed : session.Hello!.Member;
        lock (_gate)
        {
            var link = Find(expected);
            return _options.HelloTo(expected) with
            {
                IsInvitation = session.IsDialed && link is { IsInvited: true, Info.Directory: var directory }
                    && directory != UInt128.Zero,
                ExpectedDirectory = link?.Info?.Directory ?? UInt128.Zero,
                ExpectedName = link?.Info?.Name ?? "",
            };
        }
    }

    /// <summary>A probe has found somebody.</summary>
    internal void OnProbed(PeerSession session, PeerHello hello)
    {
        var refusal = HandshakeJudge.JudgeProtocol(_options.HelloTo(NodeId.None), hello);
        _sink.Probed(session.Probe, new ProbeResult(
            refusal is null ? hello : null, IsOtherProtocol: refusal is not null, refusal?.Words ?? ""));
    }

    /// <summary>Both sides of a session have accepted.</summary>
    internal void OnUp(PeerSession session)
    {
        var hello = session.Hello!;
        PeerSession? older;
        bool isNews;
        bool comparesTiming;
        lock (_gate)
        {
            if (!_sessions.Contains(session))
            {
                // It ended on another thread meanwhile.
                return;
            }

            var link = FindOrAdd(hello.Member);
            isNews = !link.IsUp;
            older = link.Enter(session, hello);
            link.Trouble = null;
            link.IsLossOpen = true;
            comparesTiming = !link.TimingWasCompared;
            link.TimingWasCompared = true;
            _refusals.Forget(hello.Member);
            if (isNews)
            {
                _news.AddUp(hello.Member, hello);
            }
        }

        older?.End("a newer connection took its place");
        LogUp(session, hello, isNews, comparesTiming);
        _news.Tell();
    }

    /// <summary>A session is over.</summary>
    internal void OnEnded(PeerSession session, bool wasUp, bool refused, string why)
    {
        PeerLink? link;
        var isNews = false;
        bool isStopping;
        lock (_gate)
        {
            isStopping = _closed;
            _sessions.Remove(session);
            link = Find(session.IsDialed ? session.Dialed : session.Hello?.Member ?? NodeId.None);
            if (link is not null)
            {
                isNews = Unlink(link, session, wasUp, refused);
            }
        }

        if (session is { IsProbe: true, Hello: null })
        {
            _sink.Probed(session.Probe, new ProbeResult(null, IsOtherProtocol: false, why));
        }

        if (isNews)
        {
            var level = isStopping ? LogLevel.Information : LogLevel.Warning;
            _logger.LinkDown(level, link!.Info?.Name ?? session.Hello?.Name ?? link.Id.ToString(), why);
        }
        else if (session is { IsDialed: true, WasRefused: false } && !wasUp)
        {
            LogUnreachable(session, link, why);
        }

        _news.Tell();
    }

    /// <summary>A handshake was refused by us, or by the other side.</summary>
    internal void OnRefused(PeerSession session, HandshakeRefusal refusal, bool byPeer)
    {
        Metrics.HandshakeRefused(refusal.Because);
        bool isNews;
        lock (_gate)
        {
            isNews = session.IsDialed
                ? IsNewTrouble(Find(session.Dialed), (Refused: true, refusal.Because))
                : _refusals.IsNews(session.Hello!.Member, session.Hello.DirectoryId, refusal.Because);
        }

        if (byPeer && refusal.Because == RefusedBecause.Removed)
        {
            _sink.ToldRemoved();
        }

        // A node that is just joining refuses its own members until it has restarted: that is its way in, no trouble.
        if (refusal.Because == RefusedBecause.Joining)
        {
            return;
        }

        if (isNews && byPeer)
        {
            _logger.RefusedByPeer(session.Remote, refusal.Because, refusal.Words);
        }
        else if (isNews)
        {
            _logger.Refused(session.Remote, refusal.Because, refusal.Words);
        }
    }

    /// <summary>Something came on a session that ends it.</summary>
    internal void OnGarbage(PeerSession session, string what)
    {
        Metrics.GarbageReceived();
        bool mayLog;
        lock (_gate)
        {
            mayLog = _refusals.MayLogGarbage();
        }

        if (mayLog)
        {
            _logger.Garbage(session.Remote, what);
        }
    }

    /// <summary>Hands a frame of a link that is up to the sink. False when it cannot be read.</summary>
    internal bool TryDeliver(NodeId from, PeerFrameKind kind, ReadOnlySpan<byte> body)
    {
        if (kind == PeerFrameKind.SnapshotChunk)
        {
            var whole = PeerCodec.TryReadChunk(body, out var chunk);
            if (whole)
            {
                _sink.SnapshotChunk(from, chunk);
            }

            return whole;
        }

        if (kind == PeerFrameKind.SnapshotAck)
        {
            var whole = PeerCodec.TryReadAck(body, out var ack);
            if (whole)
            {
                _sink.SnapshotAck(from, ack);
            }

            return whole;
        }

        if (kind == PeerFrameKind.ChangeRequest)
        {
            var whole = PeerCodec.TryReadChange(body, out var request);
            if (whole)
            {
                _sink.ChangeRequested(from, request!);
            }

            return whole;
        }

        if (kind == PeerFrameKind.ChangeAnswer)
        {
            var whole = PeerCodec.TryReadChangeAnswer(body, out var answer);
            if (whole)
            {
                _sink.ChangeAnswered(from, answer!);
            }

            return whole;
        }

        if (!_sink.TryPostFrame(from, body))
        {
            Metrics.InboundDropped();
        }

        return true;
    }

    // True when this was the last link with the peer.
    private bool Unlink(PeerLink link, PeerSession session, bool wasUp, bool refused)
    {
        var wasLinked = link.IsUp;
        link.Leave(session);
        if (session.IsDialed)
        {
            Reschedule(link.Redial, wasUp && session.UpTicks >= _options.RedialTicksMax);
        }

        var isLoss = wasLinked && !link.IsUp;
        if (isLoss)
        {
            _news.AddDown(link.Id, refused: false);
        }
        else if (refused && !link.IsUp && link.IsLossOpen)
        {
            // Said once per loss: the host answers, and the process that we talked with is gone.
            link.IsLossOpen = false;
            _news.AddDown(link.Id, refused: true);
        }

        if (link.IsForgettable)
        {
            Volatile.Write(ref _links, Array.FindAll(_links, other => other != link));
        }

        return isLoss;
    }

    private static void Reschedule(RedialTimer redial, bool itLasted)
    {
        if (itLasted)
        {
            redial.Reset();
        }
        else
        {
            redial.Failed();
        }
    }

    private static bool IsNewTrouble(PeerLink? link, (bool Refused, RefusedBecause Because) trouble)
    {
        if (link is null || link.Trouble == trouble)
        {
            return false;
        }

        link.Trouble = trouble;
        return true;
    }

    private void LogUp(PeerSession session, PeerHello hello, bool isNews, bool comparesTiming)
    {
        if (isNews)
        {
            _logger.LinkUp(hello.Name);
        }

        var own = _options.HelloTo(NodeId.None);
        if (comparesTiming && (hello.HeartbeatMs != own.HeartbeatMs || hello.ElectionMs != own.ElectionMs))
        {
            _logger.TimingDiffers(hello, hello.HeartbeatMs, hello.ElectionMs, own.HeartbeatMs, own.ElectionMs);
        }
    }

    private void LogUnreachable(PeerSession session, PeerLink? link, string why)
    {
        bool isNews;
        bool wasJoining;
        lock (_gate)
        {
            wasJoining = link?.Trouble is { Refused: true, Because: RefusedBecause.Joining };
            isNews = link is { IsUp: false } && IsNewTrouble(link, (Refused: false, default));
        }

        if (!isNews || link!.Info is not { } info)
        {
            return;
        }

        if (wasJoining)
        {
            _logger.StartsAnew(info.Name, session.Url, why);
        }
        else
        {
            _logger.Unreachable(info.Name, session.Url, why);
        }
    }
}
