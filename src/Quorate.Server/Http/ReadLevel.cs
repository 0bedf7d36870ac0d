namespace Quorate.Server.Http;

/// <summary>How fresh a read must be, by the names its callers use.</summary>
internal enum ReadLevel
{
    /// <summary>Linearizable: shows everything acknowledged before the read was asked.</summary>
    Default,

    /// <summary>Another name for the same linearizable read, kept for callers of old.</summary>
    Consistent,

    /// <summary>What this member has at hand, at once, however old; says how old.</summary>
    Stale,
}
