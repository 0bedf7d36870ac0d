namespace Quorate.Node;

/// <summary>Who was found at an address.</summary>
/// <param name="Found">What it says of itself; null when nobody answered, or not in our language.</param>
/// <param name="IsOtherProtocol">Somebody answered, who speaks no protocol version of ours.</param>
/// <param name="Why">Why nobody was found.</param>
public readonly record struct ProbeResult(PeerHello? Found, bool IsOtherProtocol, string Why);
