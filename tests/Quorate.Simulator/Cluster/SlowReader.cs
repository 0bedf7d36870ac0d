using System.Runtime.CompilerServices;
using Quorate.Mvcc;

namespace Quorate.Simulator;

/// <summary>
/// A reader on another thread than apply, one step at a time: it takes the newest root, publishes its pin, looks
/// whether the root is still the newest, and reads. Between any two steps apply may go on and free memory.
/// </summary>
/// <remarks>The steps are those of <see cref="RootBoard.Pin"/>, which one thread would run without a break.</remarks>
internal sealed class SlowReader
{
    private readonly RootBoard _board;
    private StoreRoot _root;
    private PinTable.Slot _slot;
    private int _step;

    public SlowReader(StateMachine machine)
    {
        _board = BoardOf(machine);
        _root = _board.Current;
    }

    /// <summary>Takes the next step; true when the root is pinned and known to be safe.</summary>
    public bool Step()
    {
        switch (_step)
        {
            case 0:
                _slot = _board.Pins.Take(_root.Batch);
                _step++;
                return false;
            case 1:
                _step += _board.IsSafe(ref _root, _slot) ? 1 : 0;
                return false;
            default:
                return true;
        }
    }

    /// <summary>Reads what the pinned root shows, and lets it go.</summary>
    public (long Revision, RangeResult Result) Read(in RangeQuery query)
    {
        var reader = new KvReader(_board.Index, _root.IndexRoot);
        var result = RangeReader.Read(reader, query, _root.Revision, KvReader.Newest, _root.CompactRevision);
        _board.Unpin(_slot);
        return (_root.Revision.Value, result);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_board")]
    private static extern ref RootBoard BoardOf(StateMachine machine);
}
