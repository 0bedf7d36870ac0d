namespace Quorate.Simulator;

/// <summary>One node of the abstract model: what it knows, what its disk holds, and what is on the way there.</summary>
internal struct AbstractNode
{
    public const int Follower = 0;
    public const int Candidate = 1;
    public const int Leader = 2;

    public byte Term;
    public byte Vote;
    public byte Role;
    public byte Commit;
    public AbstractLog Log;

    /// <summary>Candidate: who voted for it, its own durable vote included; one bit a node.</summary>
    public byte Votes;

    /// <summary>Leader: what each follower acknowledged; two bits a node.</summary>
    public byte Match;

    public byte StableTerm;
    public byte StableVote;
    public AbstractLog StableLog;

    public AbstractWrite First;
    public AbstractWrite Second;

    public readonly bool HasRoom(int writesMax) => !First.IsSome || (writesMax > 1 && !Second.IsSome);

    public readonly int MatchOf(int node) => (Match >> (2 * (node - 1))) & 3;

    public void SetMatch(int node, int index) =>
        Match = (byte)((Match & ~(3 << (2 * (node - 1)))) | (index << (2 * (node - 1))));

    /// <summary>Hands the state to the disk, with the messages that must wait for it.</summary>
    public void Write(AbstractMessage held1 = default, AbstractMessage held2 = default)
    {
        var write = new AbstractWrite
        {
            IsSome = true, Term = Term, Vote = Vote, Log = Log, Held1 = held1.Bits, Held2 = held2.Bits,
        };
        if (First.IsSome)
        {
            Second = write;
        }
        else
        {
            First = write;
        }
    }

    /// <summary>The process ends: what is not on the disk is gone.</summary>
    public void Crash() => this = new AbstractNode
    {
        Term = StableTerm, Vote = StableVote, Log = StableLog,
        StableTerm = StableTerm, StableVote = StableVote, StableLog = StableLog,
    };

    /// <summary>All of it as two words, for hashing.</summary>
    public readonly void Pack(ref AbstractHash hash)
    {
        hash.Add(Term | ((ulong)Vote << 2) | ((ulong)Role << 4) | ((ulong)Commit << 6) | ((ulong)Log.Bits << 8)
            | ((ulong)Votes << 16) | ((ulong)Match << 20) | ((ulong)StableTerm << 26) | ((ulong)StableVote << 28)
            | ((ulong)StableLog.Bits << 30) | ((ulong)First.Packed << 38) | ((ulong)Second.Packed << 51));
        hash.Add(First.Held1 | ((ulong)First.Held2 << 32));
        hash.Add(Second.Held1 | ((ulong)Second.Held2 << 32));
    }
}

/// <summary>One write on its way to the disk.</summary>
internal struct AbstractWrite
{
    public bool IsSome;
    public byte Term;
    public byte Vote;
    public AbstractLog Log;
    public uint Held1;
    public uint Held2;

    public readonly uint Packed => IsSome ? 1U | ((uint)Term << 1) | ((uint)Vote << 3) | ((uint)Log.Bits << 5) : 0;
}

/// <summary>128 bits that stand for a state in the set of those seen.</summary>
internal struct AbstractHash
{
    private ulong _low;
    private ulong _high;

    public readonly UInt128 Value => new(_high, _low);

    public void Add(ulong word)
    {
        _low = Mix(_low ^ word, 0x9E3779B97F4A7C15UL);
        _high = Mix(_high + word, 0xD6E8FEB86659FD93UL);
    }

    private static ulong Mix(ulong value, ulong by)
    {
        var high = Math.BigMul(value ^ by, by | 0x5851F42D4C957F2DUL, out var low);
        return high ^ low ^ (value >> 31);
    }
}
