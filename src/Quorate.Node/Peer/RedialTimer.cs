using Quorate.Raft;

namespace Quorate.Node;

/// <summary>When to dial again: at the next tick at first, then after twice as long each time, up to a bound.</summary>
/// <remarks>Jittered to between half and the whole, so that members that start together do not dial in step.</remarks>
internal sealed class RedialTimer(int ticksMax, IRandomSource random)
{
    private int _ticksLeft = 1;
    private int _ticksNext = 1;

    /// <summary>How many dials failed in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>Counts one tick; true when it is time.</summary>
    public bool TickIsDue() => _ticksLeft <= 1 || --_ticksLeft == 0;

    /// <summary>A dial failed, or what it gave did not last.</summary>
    public void Failed()
    {
        Failures++;
        var half = _ticksNext / 2;
        _ticksLeft = _ticksNext - (int)(random.Next() % (ulong)(half + 1));
        _ticksNext = Math.Min(ticksMax, _ticksNext * 2);
    }

    /// <summary>A link lasted: if it is lost, dial at once.</summary>
    public void Reset()
    {
        Failures = 0;
        _ticksLeft = 1;
        _ticksNext = 1;
    }
}
