using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// The first start of a list: a voter takes no part in elections before it has met every other voter of the list
/// and durably noted its directory. Otherwise a voter that lost its disk before the last one ever started could
/// help to elect an empty log. Over once and for all when everybody (or, on request, a majority) was met.
/// </summary>
internal sealed class Meeting
{
    private readonly List<MemberInfo> _missing;
    private readonly int _missingAllowed;
    private string[] _waitingFor = [];

    /// <param name="missing">The other voters of the list whose directory is not noted yet.</param>
    /// <param name="missingAllowed">How many of them need not be met.</param>
    public Meeting(IEnumerable<MemberInfo> missing, int missingAllowed)
    {
        _missing = [.. missing];
        _missingAllowed = missingAllowed;
        Publish();
    }

    /// <summary>Whether the node takes part.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The names of those it still waits for. Safe to read on any thread.</summary>
    public IReadOnlyList<string> WaitingFor => Volatile.Read(ref _waitingFor);

    /// <summary>A member's directory is durably noted.</summary>
    public void Met(NodeId peer)
    {
        if (_missing.RemoveAll(member => member.Id == peer) > 0)
        {
            Publish();
        }
    }

    private void Publish()
    {
        IsOver = _missing.Count <= _missingAllowed;
        Volatile.Write(ref _waitingFor, IsOver ? [] : [.. _missing.Select(member => member.Name)]);
    }
}
