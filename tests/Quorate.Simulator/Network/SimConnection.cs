namespace Quorate.Simulator;

/// <summary>One connection: two ends, each with what is on its way to it.</summary>
internal sealed class SimConnection
{
    private readonly SimNetwork _network;
    private bool _isForgotten;

    public SimConnection(SimNetwork network, SimTransport dialer, SimTransport listener)
    {
        _network = network;
        Dialed = new SimConnectionEnd(network, this, dialer);
        Accepted = new SimConnectionEnd(network, this, listener);
        Dialed.Other = Accepted;
        Accepted.Other = Dialed;
    }

    /// <summary>The end of the process that dialed.</summary>
    public SimConnectionEnd Dialed { get; }

    /// <summary>The end of the process that listened.</summary>
    public SimConnectionEnd Accepted { get; }

    /// <summary>Ends at both sides at once; nothing more arrives.</summary>
    public void Reset(string why)
    {
        Dialed.EndSoon(why);
        Accepted.EndSoon(why);
    }

    public void Resume()
    {
        Dialed.Resume();
        Accepted.Resume();
    }

    public void ProcessEnded(SimProcess process, bool isTold)
    {
        ProcessEnded(Dialed, process, isTold);
        ProcessEnded(Accepted, process, isTold);
    }

    /// <summary>Ends an end whose other side has died without a word.</summary>
    public void DropIfHalfOpen()
    {
        if (!Dialed.Transport.Process.IsAlive || !Accepted.Transport.Process.IsAlive)
        {
            Reset("reset by a new process");
        }
    }

    /// <summary>Both ends are done with: the network need not know of it any more.</summary>
    public void ForgetIfDone()
    {
        if (!_isForgotten && Dialed.IsOver && Accepted.IsOver)
        {
            _isForgotten = true;
            _network.Forget(this);
        }
    }

    private void ProcessEnded(SimConnectionEnd end, SimProcess process, bool isTold)
    {
        if (end.Transport.Process != process)
        {
            return;
        }

        if (isTold)
        {
            end.Other!.QueueEnd("the other process has ended");
        }

        ForgetIfDone();
    }
}
