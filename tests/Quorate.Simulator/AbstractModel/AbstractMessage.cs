namespace Quorate.Simulator;

/// <summary>
/// A message of the abstract model in 32 bits. Heartbeats are empty appends; refusals change nothing.
/// </summary>
/// <remarks><c>| kind 2 | from 2 | to 2 | term 2 | index 2 | log 8 | commit 2 |</c></remarks>
internal readonly record struct AbstractMessage(uint Bits)
{
    public const uint VoteRequest = 0;
    public const uint Vote = 1;
    public const uint Append = 2;
    public const uint Acknowledgement = 3;

    public AbstractMessage(uint kind, int from, int to, ulong term, int index = 0, AbstractLog log = default,
        int commit = 0)
        : this(kind | ((uint)from << 2) | ((uint)to << 4) | ((uint)term << 6) | ((uint)index << 8)
            | ((uint)log.Bits << 10) | ((uint)commit << 18))
    {
    }

    public uint Kind => Bits & 3;

    public int From => (int)(Bits >> 2) & 3;

    public int To => (int)(Bits >> 4) & 3;

    public ulong Term => (Bits >> 6) & 3;

    /// <summary>Append: the entry before the first. Acknowledgement: what matches.</summary>
    public int Index => (int)(Bits >> 8) & 3;

    /// <summary>Append: the leader's log up to the last entry sent. VoteRequest: the candidate's log.</summary>
    public AbstractLog Log => new((byte)(Bits >> 10));

    public int Commit => (int)(Bits >> 18) & 3;
}
