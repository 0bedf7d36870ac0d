namespace Quorate.Server;

/// <summary>Whose habits the HTTP API keeps; see docs/operations/http-api.md.</summary>
public enum Compat
{
    /// <summary>Our own: a missing key is 404, a write to a follower is forwarded.</summary>
    None = 0,

    /// <summary>
    /// Those of raftdb, hraftd and EASC: a missing key is empty, a write to a follower is redirected.
    /// </summary>
    Raftdb = 1,

    /// <summary>Those of balsa: a write to a follower is refused.</summary>
    Balsa = 2,
}
