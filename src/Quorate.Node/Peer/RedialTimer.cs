using Quorate.Raft;

namespace Quorate.Node;

/// <summary>When to dial again: at the next tick at first, then after twice as long each time, up to a bound.</summary>
/// <remarks>
/// Jittered to between half and the whole, so that members that start together do not dial in step. Chance is drawn
/// on the ticking thread only: the source belongs to the node loop.
/// </remarks>
internal sealed class RedialTimer(int ticksMax, IRandomSource random)
{
    private int _ticksLeft = 1;
    private int _ticksNext = 1;
    private bool _mustDraw;

    /// <summary>How many dials failed in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>Counts one tick; true when it is time.</summary>
    public bool TickIsDue()
    {
        if (_mustDraw)
        {
            Draw();
        }

        return _ticksLeft <= 1 || --_ticksLeft == 0;
    }

    /// <summary>A dial failed, or what it gave did not last.</summary>
    public void Failed()
    {
        Failures++;
        _mustDraw = true;
    }

    /// <summary>A link lasted: if it is lost, dial at once.</summary>
    public void Reset()
    {
        Failures = 0;
        _mustDraw = false;
        _ticksLeft = 1;
        _ticksNext = 1;
    }

    private void Draw()
    {
        _mustDraw = false;
        var half = _ticksNext / 2;
        _ticksLeft = _ticksNext - (int)(random.Next() % (ulong)(half + 1));
        _ticksNext = Math.Min(ticksMax, _ticksNext * 2);
    }
}
