namespace Quorate.Node;

/// <summary>One connection to some peer. Every member may be called from any thread.</summary>
public interface IPeerConnection
{
    /// <summary>The other end, for logs.</summary>
    string Remote { get; }

    /// <summary>Copies all of <paramref name="bytes"/> into the bounded output, in order, and never blocks.</summary>
    /// <returns>False when the bound is reached or the connection is closed; nothing was taken then.</returns>
    bool TrySend(ReadOnlySpan<byte> bytes);

    /// <summary>Closes now: what the socket has not taken yet is dropped. May be called again.</summary>
    void Close();
}
