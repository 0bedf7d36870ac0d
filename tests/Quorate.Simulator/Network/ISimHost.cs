using Quorate.Raft;

namespace Quorate.Simulator;

/// <summary>A machine on the simulated network.</summary>
internal interface ISimHost
{
    /// <summary>The process that runs on it, or null.</summary>
    SimProcess? Process { get; }

    /// <summary>Whether its process is stopped for a while: the network keeps what comes for it.</summary>
    bool IsPaused { get; }

    /// <summary>Whether the machine has no power: nobody answers, not even with a refusal.</summary>
    bool IsDark { get; }

    /// <summary>Runs something in this life of its process; whatever ends the process is taken care of.</summary>
    void Enter(SimProcess life, Action action);

    /// <summary>Bytes of another machine are about to be handed to the process.</summary>
    void Hears(int host);

    /// <summary>The node gives a frame to the network: its body, without envelope.</summary>
    void FrameLeaves(ReadOnlySpan<byte> body);
}
