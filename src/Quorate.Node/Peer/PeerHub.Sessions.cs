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
        lock (_gate)
        {
            var link = Find(hello.Member);
            if (HandshakeJudge.Judge(own, hello, known ?? link?.MetDirectory) is { } refusal)
            {
                return refusal;
            }

            return link is null && _links.Length >= _options.PeersMax
                ? new HandshakeRefusal(RefusedBecause.TooMany, $"{own} has no room for {hello}")
                : null;
        }
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
        lock (_gate)
        {
            _sessions.Remove(session);
            link = Find(session.IsDialed ? session.Dialed : session.Hello?.Member ?? NodeId.None);
            if (link is not null)
            {
                isNews = Unlink(link, session, wasUp, refused);
            }
        }

        if (isNews)
        {
            _logger.LinkDown(link!.Info?.Name ?? link.Id.ToString(), why);
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
        lock (_gate)
        {
            isNews = link is { IsUp: false } && IsNewTrouble(link, (Refused: false, default));
        }

        if (isNews && link!.Info is { } info)
        {
            _logger.Unreachable(info.Name, session.Url, why);
        }
    }
}
