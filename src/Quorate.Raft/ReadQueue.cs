namespace Quorate.Raft;

/// <summary>
/// The leader's reads (thesis 6.4): those that wait form the next round; a round is confirmed when a quorum has
/// echoed its number. None joins a round under way; see docs/raft/read-index.md.
/// </summary>
internal sealed class ReadQueue(int readsMax)
{
    private List<WaitingRead> _waiting = [];
    private List<WaitingRead> _out = [];

    /// <summary>The newest round of this term; 0 when there was none.</summary>
    public ulong Round { get; private set; }

    /// <summary>The commit index that the round under way will answer with.</summary>
    public LogIndex Index { get; private set; }

    public bool IsRoundOut => _out.Count > 0;

    public bool CanStart => !IsRoundOut && _waiting.Count > 0;

    /// <summary>The reads of the round under way.</summary>
    public IReadOnlyList<WaitingRead> Out => _out;

    public bool TryAdd(WaitingRead read)
    {
        if (_waiting.Count + _out.Count >= readsMax)
        {
            return false;
        }

        _waiting.Add(read);
        return true;
    }

    /// <summary>Starts the next round with everything that waits, at the commit index of this moment.</summary>
    public void Start(LogIndex commit)
    {
        Invariant.Holds(CanStart, "one round is out at a time");
        (_waiting, _out) = (_out, _waiting);
        Round++;
        Index = commit;
    }

    /// <summary>The round under way is answered.</summary>
    public void EndRound() => _out.Clear();

    /// <summary>Everything that is still here, for the end of the role.</summary>
    public IReadOnlyList<WaitingRead> Abandon()
    {
        List<WaitingRead> all = [.. _out, .. _waiting];
        _out.Clear();
        _waiting.Clear();
        return all;
    }
}

/// <summary>A read of our own shell, or another member's question.</summary>
/// <param name="Local">The read, when <paramref name="Asker"/> is none.</param>
/// <param name="Asker">The member that asked, or none.</param>
/// <param name="Number">The number of its question.</param>
internal readonly record struct WaitingRead(ReadId Local, NodeId Asker, ulong Number);
