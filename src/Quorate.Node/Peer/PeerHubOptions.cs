using System.Text;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>Who this member is to its peers, and the bounds of talking to them. Times are ticks.</summary>
public sealed class PeerHubOptions
{
    /// <summary>This member.</summary>
    public required NodeId Self { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its cluster.</summary>
    public required UInt128 ClusterId { get; init; }

    /// <summary>Its data directory.</summary>
    public required UInt128 DirectoryId { get; init; }

    /// <summary>Where it says that it is reached.</summary>
    public IReadOnlyList<string> AdvertisedPeerUrls { get; init; } = [];

    /// <summary>The directory id that is durably noted for a member id, or null. Called from any thread.</summary>
    public Func<NodeId, UInt128?> KnownDirectory { get; init; } = static _ => null;

    /// <summary>What this node is to a cluster now. Called from any thread.</summary>
    public Func<NodeState> State { get; init; } = static () => NodeState.Member;

    /// <summary>Lowest protocol version spoken.</summary>
    public ushort ProtocolMin { get; init; } = PeerFrame.ProtocolVersion;

    /// <summary>Highest protocol version spoken.</summary>
    public ushort ProtocolMax { get; init; } = PeerFrame.ProtocolVersion;

    /// <summary>What this build could do if all members could.</summary>
    public uint FeatureLevel { get; init; } = 1;

    /// <summary>Told to peers, so that different timing is noticed. Default 100 ms.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Told to peers. Default 1000 ms.</summary>
    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromMilliseconds(1000);

    /// <summary>Longest pause between two dials; they start at one tick and double, with jitter. Default 100.</summary>
    public int RedialTicksMax { get; init; } = 100;

    /// <summary>A connection not through its handshake by then is closed, dialing included. Default 300.</summary>
    public int HandshakeTicksMax { get; init; } = 300;

    /// <summary>A link on which nothing was sent for so long carries a keep-alive. Default 50.</summary>
    public int KeepAliveTicks { get; init; } = 50;

    /// <summary>A link on which nothing came for so long is closed. Default 200.</summary>
    public int SilenceTicksMax { get; init; } = 200;

    /// <summary>A link with a member that was removed is closed after so long. Default 1000.</summary>
    public int FarewellTicks { get; init; } = 1000;

    /// <summary>Bytes that one turn may gather for one peer; more are dropped. Default 16 MiB.</summary>
    public int TurnBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Peers known at a time, strangers of the same cluster included. Default 64.</summary>
    public int PeersMax { get; init; } = 64;

    /// <summary>Accepted connections that are not through their handshake. Default 64.</summary>
    public int StrangersMax { get; init; } = 64;

    /// <summary>Lists every setting that cannot be; empty when all are good.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        Require(Self != NodeId.None, "Self must be a member id other than 0");
        Require(
            Encoding.UTF8.GetByteCount(Name) is >= 1 and <= PeerHello.NameBytesMax && !Name.Any(char.IsControl),
            "Name must have 1 to 256 bytes and no control characters");
        Require(AdvertisedPeerUrls.Count <= PeerHello.UrlsMax, "AdvertisedPeerUrls must be at most 8");
        Require(
            AdvertisedPeerUrls.All(url => Encoding.UTF8.GetByteCount(url) is >= 1 and <= PeerHello.UrlBytesMax),
            "AdvertisedPeerUrls must have 1 to 512 bytes each");
        Require(ProtocolMin >= 1 && ProtocolMin <= ProtocolMax, "ProtocolMin must be 1 to ProtocolMax");
        Require(RedialTicksMax >= 1, "RedialTicksMax must be at least 1");
        Require(HandshakeTicksMax >= 1, "HandshakeTicksMax must be at least 1");
        Require(KeepAliveTicks >= 1, "KeepAliveTicks must be at least 1");
        Require(SilenceTicksMax > KeepAliveTicks, "SilenceTicksMax must be more than KeepAliveTicks");
        Require(TurnBytesMax >= 1, "TurnBytesMax must be at least 1");
        Require(PeersMax >= 1, "PeersMax must be at least 1");
        Require(StrangersMax >= 1, "StrangersMax must be at least 1");
        return faults;

        void Require(bool condition, string fault)
        {
            if (!condition)
            {
                faults.Add(fault);
            }
        }
    }

    internal PeerHello HelloTo(NodeId expected) => new(
        ProtocolMin, ProtocolMax, FeatureLevel, ClusterId, Self, DirectoryId, expected, Damaged: false,
        (uint)HeartbeatInterval.TotalMilliseconds, (uint)ElectionTimeout.TotalMilliseconds, Name, AdvertisedPeerUrls)
    {
        State = State(),
    };
}
