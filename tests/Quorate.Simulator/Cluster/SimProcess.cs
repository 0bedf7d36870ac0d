namespace Quorate.Simulator;

/// <summary>
/// One life of a node's process. Every seam call of the node passes through <see cref="Touch"/>, so that each is a
/// place where the process can end; what a dead process still calls has no effect.
/// </summary>
internal sealed class SimProcess
{
    private int _touchesLeft = -1;

    public bool IsAlive { get; private set; } = true;

    /// <summary>Whether the process ends at a coming seam call.</summary>
    public bool IsDoomed => _touchesLeft >= 0;

    /// <summary>Lets the process end at the seam call behind the next <paramref name="touches"/>.</summary>
    public void Doom(int touches) => _touchesLeft = touches;

    /// <summary>Takes the doom back.</summary>
    public void Spare() => _touchesLeft = -1;

    public void Kill() => IsAlive = false;

    /// <exception cref="SimulatedCrashException">The process ends here, or has ended.</exception>
    public void Touch()
    {
        if (!IsAlive)
        {
            throw new SimulatedCrashException();
        }

        if (_touchesLeft >= 0 && _touchesLeft-- == 0)
        {
            IsAlive = false;
            throw new SimulatedCrashException();
        }
    }
}
