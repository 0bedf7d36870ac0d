using System.Runtime.CompilerServices;

namespace Quorate.Simulator;

/// <summary>
/// A state of the abstract cluster: three nodes, at most four messages in flight, and what history needs.
/// </summary>
internal struct AbstractState
{
    public const int Voters = 3;
    public const int MessagesMax = 4;

    public Trio Nodes;
    public Flight Messages;
    public byte MessageCount;

    /// <summary>Who led term 1, and who led term 2; two bits each.</summary>
    public byte Leaders;

    /// <summary>Everything that was ever committed.</summary>
    public AbstractLog Committed;

    public readonly int LeaderOf(ulong term) => (Leaders >> (2 * ((int)term - 1))) & 3;

    public void SetLeader(ulong term, int node) => Leaders |= (byte)(node << (2 * ((int)term - 1)));

    /// <summary>Puts a message in flight; one too many is lost, and a double is no other message.</summary>
    public void Send(AbstractMessage message)
    {
        if (message.Bits == 0 || MessageCount == MessagesMax)
        {
            return;
        }

        var at = 0;
        while (at < MessageCount && Messages[at].Bits < message.Bits)
        {
            at++;
        }

        if (at < MessageCount && Messages[at] == message)
        {
            return;
        }

        for (var i = (int)MessageCount; i > at; i--)
        {
            Messages[i] = Messages[i - 1];
        }

        Messages[at] = message;
        MessageCount++;
    }

    public void Remove(int at)
    {
        MessageCount--;
        for (var i = at; i < MessageCount; i++)
        {
            Messages[i] = Messages[i + 1];
        }

        Messages[MessageCount] = default;
    }

    public readonly UInt128 Hash()
    {
        var hash = default(AbstractHash);
        for (var i = 0; i < Voters; i++)
        {
            Nodes[i].Pack(ref hash);
        }

        hash.Add(Messages[0].Bits | ((ulong)Messages[1].Bits << 32));
        hash.Add(Messages[2].Bits | ((ulong)Messages[3].Bits << 32));
        hash.Add(Leaders | ((ulong)Committed.Bits << 8));
        return hash.Value;
    }

    public override readonly string ToString() => string.Join("; ", Enumerable.Range(1, Voters).Select(Describe));

    private readonly string Describe(int id)
    {
        var node = Nodes[id - 1];
        return $"n{id} role={node.Role} t{node.Term} vote={node.Vote} log={node.Log} commit={node.Commit} "
            + $"disk=(t{node.StableTerm} vote={node.StableVote} log={node.StableLog})";
    }

    [InlineArray(Voters)]
    internal struct Trio
    {
        private AbstractNode _first;
    }

    [InlineArray(MessagesMax)]
    internal struct Flight
    {
        private AbstractMessage _first;
    }
}
