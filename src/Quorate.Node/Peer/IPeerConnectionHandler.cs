namespace Quorate.Node;

/// <summary>Who listens to one connection.</summary>
public interface IPeerConnectionHandler
{
    /// <summary>A dialed connection stands. Not called for accepted ones.</summary>
    void Connected(IPeerConnection connection);

    /// <summary>Bytes came. Returns how many were used; the rest is offered again with more behind it.</summary>
    int Received(ReadOnlySpan<byte> bytes);

    /// <summary>The connection is gone, or never came to be.</summary>
    /// <param name="refused">A dial was refused: the host answers, and nobody listens there.</param>
    /// <param name="why">For the log.</param>
    void Closed(bool refused, string why);
}
