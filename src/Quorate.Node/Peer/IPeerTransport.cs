namespace Quorate.Node;

/// <summary>Moves bytes between members. Who may talk, when to dial and what bytes mean is not its business.</summary>
/// <remarks>
/// No call of a transport or of a connection calls a handler back from inside itself, and the calls to one handler
/// never overlap: <see cref="IPeerConnectionHandler.Connected"/> (dialed ones only) comes first,
/// <see cref="IPeerConnectionHandler.Closed"/> exactly once and last.
/// </remarks>
public interface IPeerTransport
{
    /// <summary>
    /// Starts to take connections. Called again, as when a member starts anew under another identity, later connections
    /// go to the new taker.
    /// </summary>
    /// <param name="accept">Gives each its handler, or null to close it.</param>
    void Listen(Func<IPeerConnection, IPeerConnectionHandler?> accept);

    /// <summary>Dials once and never blocks: the handler hears Connected, or Closed.</summary>
    /// <param name="peerUrl">The other member's address, as in <c>http://host:2380</c>.</param>
    /// <param name="handler">Who hears of it.</param>
    void Dial(string peerUrl, IPeerConnectionHandler handler);
}
