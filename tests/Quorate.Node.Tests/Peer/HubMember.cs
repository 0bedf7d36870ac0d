using Microsoft.Extensions.Logging;
using Quorate.Raft;

namespace Quorate.Node.Tests.Peer;

/// <summary>A hub and what it told: link news, frames and log lines, each as a line of text.</summary>
internal sealed class HubMember : IPeerSink, ILogger
{
    public HubMember(
        MemoryNetwork network, ulong id, Func<PeerHubOptions, PeerHubOptions>? change = null, string? url = null)
    {
        var options = new PeerHubOptions
        {
            Self = new NodeId(id), Name = $"n{id}", ClusterId = 0xC1, DirectoryId = 0xD0 + id,
            AdvertisedPeerUrls = [UrlOf(id)],
        };
        Url = url ?? UrlOf(id);
        Info = new MemberInfo(new NodeId(id), $"n{id}", [Url]);
        Hub = new PeerHub(
            change?.Invoke(options) ?? options, network.TransportOf(Url), this, new TestRandom(id), this, Metrics);
        Hub.Listen();
    }

    public PeerHub Hub { get; }

    public PeerMetrics Metrics { get; } = new(meterFactory: null);

    public string Url { get; }

    public MemberInfo Info { get; }

    public List<string> News { get; } = [];

    public List<string> Lines { get; } = [];

    public List<PeerMessage> Messages { get; } = [];

    public List<string> Snapshots { get; } = [];

    public bool IsInboxFull { get; set; }

    public static string UrlOf(ulong id) => $"http://n{id}:2380";

    public bool TryPostFrame(NodeId from, ReadOnlySpan<byte> body)
    {
        if (IsInboxFull)
        {
            return false;
        }

        Assert.True(PeerCodec.TryDecode(body.ToArray(), out var message));
        Messages.Add(message);
        return true;
    }

    public void LinkUp(NodeId peer, PeerHello hello) => News.Add($"{peer} up");

    public void LinkDown(NodeId peer, bool refused) => News.Add(refused ? $"{peer} refused" : $"{peer} down");

    public void SnapshotChunk(NodeId from, in SnapshotChunk chunk) =>
        Snapshots.Add($"{from} {chunk.Transfer} {chunk.Offset}+{chunk.Data.Length}/{chunk.Total}");

    public void SnapshotAck(NodeId from, in SnapshotAck ack) => Snapshots.Add($"{from} {ack}");

    public void Probed(ulong token, in ProbeResult result) =>
        News.Add($"probe {token}: {result.Found?.Name ?? result.Why}");

    public void Invited(Invitation invitation) => News.Add($"invited as {invitation}");

    public void ToldRemoved() => News.Add("told removed");

    public void ChangeRequested(NodeId from, ChangeRequest request) => News.Add($"{from} asks for {request.Change}");

    public void ChangeAnswered(NodeId from, ChangeAnswer answer) => News.Add($"{from} answers {answer.Verdict}");

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => Lines.Add($"{eventId.Id} {formatter(state, exception)}");
}
