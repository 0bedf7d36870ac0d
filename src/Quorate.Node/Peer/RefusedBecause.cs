namespace Quorate.Node;

/// <summary>Why a handshake was refused. The numbers are part of the format; see docs/format/peer.md.</summary>
public enum RefusedBecause : byte
{
    /// <summary>The cluster ids differ.</summary>
    ForeignCluster = 1,

    /// <summary>I dialed myself.</summary>
    SelfSent = 2,

    /// <summary>The dialer wanted another member than the one it reached.</summary>
    Misdirected = 3,

    /// <summary>This member id is known with another data directory.</summary>
    OtherDirectory = 4,

    /// <summary>Its lowest protocol version is above our highest.</summary>
    NewerProtocol = 5,

    /// <summary>Its highest protocol version is below our lowest.</summary>
    OlderProtocol = 6,

    /// <summary>Its protocol range is no range.</summary>
    BadProtocolRange = 7,

    /// <summary>No room for one more peer.</summary>
    TooMany = 8,

    /// <summary>The dialed node is just being taken into the dialer's cluster: dial again.</summary>
    Joining = 9,

    /// <summary>The dialed node belongs to no cluster, and was not invited.</summary>
    Unconfigured = 10,

    /// <summary>This member id was removed from the cluster.</summary>
    Removed = 11,

    /// <summary>The dialed node was invited, but holds data of its own.</summary>
    HasData = 12,
}
