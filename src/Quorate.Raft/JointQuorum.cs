namespace Quorate.Raft;

/// <summary>
/// Arithmetic of two majorities that must both agree (thesis 4.3). One alone when the other is empty.
/// </summary>
internal static class JointQuorum
{
    /// <summary>
    /// The highest value that a majority of each set has reached; 0 when nobody can agree to anything.
    /// </summary>
    public static ulong Agreed(Span<ulong> incoming, Span<ulong> outgoing)
    {
        // A configuration without voters decides nothing.
        return incoming.IsEmpty && outgoing.IsEmpty
            ? 0
            : Math.Min(MajorityQuorum.Agreed(incoming), MajorityQuorum.Agreed(outgoing));
    }

    /// <summary>Won when both are won, lost when either is lost.</summary>
    public static VoteResult Judge(VoteResult incoming, VoteResult outgoing)
    {
        if (incoming == VoteResult.Lost || outgoing == VoteResult.Lost)
        {
            return VoteResult.Lost;
        }

        return incoming == VoteResult.Won && outgoing == VoteResult.Won ? VoteResult.Won : VoteResult.Pending;
    }
}
