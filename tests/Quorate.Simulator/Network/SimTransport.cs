using Quorate.Node;

namespace Quorate.Simulator;

/// <summary>The network as one process of a node uses it.</summary>
internal sealed class SimTransport(SimNetwork network, int host, SimProcess process) : IPeerTransport
{
    public int Host => host;

    public SimProcess Process => process;

    public Func<IPeerConnection, IPeerConnectionHandler?>? Accept { get; private set; }

    public void Listen(Func<IPeerConnection, IPeerConnectionHandler?> accept)
    {
        process.Touch();
        Accept = accept;
        network.Listen(host, this);
    }

    public void Dial(string peerUrl, IPeerConnectionHandler handler)
    {
        process.Touch();
        network.Dial(this, peerUrl, handler);
    }

    /// <summary>Calls into the process, if it still lives.</summary>
    public void Tell(Action action)
    {
        if (process.IsAlive)
        {
            network.HostAt(host).Enter(process, action);
        }
    }

    public void FrameLeaves(ReadOnlySpan<byte> body) => network.HostAt(host).FrameLeaves(body);
}
