namespace Quorate.Raft;

/// <summary>
/// Who proposed an entry: the member that holds the waiter, the nonce it drew when its process started, and a
/// number that only grows within that process. Entries that nobody waits for carry <see cref="None"/>.
/// </summary>
/// <param name="Member">The member that took the request.</param>
/// <param name="BootNonce">Drawn at each start of that member's process; never 0.</param>
/// <param name="Sequence">Grows by one for each proposal of that process, from 1.</param>
public readonly record struct ProposalId(NodeId Member, ulong BootNonce, ulong Sequence)
{
    /// <summary>Nobody waits for this entry.</summary>
    public static readonly ProposalId None;

    /// <summary>As in <c>n1#7</c>; the nonce is left out.</summary>
    public override string ToString() => Member == NodeId.None ? "-" : $"{Member}#{Sequence}";
}
