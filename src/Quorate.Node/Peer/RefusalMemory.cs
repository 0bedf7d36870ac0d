using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// Which refused strangers were logged, so that one who calls every second gives one line. Bounded: the oldest is
/// forgotten first. Also bounds the lines about garbage. Guarded by the hub's lock.
/// </summary>
internal sealed class RefusalMemory
{
    private const int RememberedMax = 64;
    private const int GarbageLinesMax = 10;
    private const int GarbageTicks = 1000;
    private readonly List<(NodeId Member, UInt128 Directory, RefusedBecause Because)> _known = [];
    private int _garbageLines;
    private int _garbageTicks;
    private long _garbageUntold;

    /// <summary>Whether this refusal is news.</summary>
    public bool IsNews(NodeId member, UInt128 directory, RefusedBecause because)
    {
        var item = (member, directory, because);
        if (_known.Contains(item))
        {
            return false;
        }

        if (_known.Count == RememberedMax)
        {
            _known.RemoveAt(0);
        }

        _known.Add(item);
        return true;
    }

    /// <summary>This member is in: should it be refused again, that is news.</summary>
    public void Forget(NodeId member) => _known.RemoveAll(item => item.Member == member);

    /// <summary>Whether one more line about garbage may be written now.</summary>
    public bool MayLogGarbage()
    {
        if (_garbageLines < GarbageLinesMax)
        {
            _garbageLines++;
            return true;
        }

        _garbageUntold++;
        return false;
    }

    /// <summary>Counts a tick; at the end of a period returns how many lines were kept back in it.</summary>
    public long TickGarbage()
    {
        if (++_garbageTicks < GarbageTicks)
        {
            return 0;
        }

        var untold = _garbageUntold;
        (_garbageTicks, _garbageLines, _garbageUntold) = (0, 0, 0);
        return untold;
    }
}
