namespace Quorate.Raft;

/// <summary>What a set of votes amounts to.</summary>
internal enum VoteResult : byte
{
    /// <summary>It can still go either way.</summary>
    Pending,

    /// <summary>A quorum said yes.</summary>
    Won,

    /// <summary>A quorum of yes cannot be reached any more.</summary>
    Lost,
}

/// <summary>Arithmetic of one majority. An empty set of voters agrees to everything, so that it drops out of a joint
/// decision.</summary>
internal static class MajorityQuorum
{
    /// <summary>How many of <paramref name="voters"/> are a majority.</summary>
    public static int Size(int voters) => (voters / 2) + 1;

    /// <summary>
    /// The highest value that a majority has reached, given one value per voter. Sorts the span it is given.
    /// </summary>
    public static ulong Agreed(Span<ulong> values)
    {
        if (values.IsEmpty)
        {
            return ulong.MaxValue;
        }

        values.Sort();
        return values[values.Length - Size(values.Length)];
    }

    /// <summary>What <paramref name="yes"/> and <paramref name="no"/> of so many voters amount to.</summary>
    public static VoteResult Judge(int yes, int no, int voters)
    {
        if (voters == 0 || yes >= Size(voters))
        {
            return VoteResult.Won;
        }

        return yes + (voters - yes - no) < Size(voters) ? VoteResult.Lost : VoteResult.Pending;
    }
}
