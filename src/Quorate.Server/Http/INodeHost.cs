using Quorate.Node;

namespace Quorate.Server.Http;

/// <summary>What the HTTP API asks of whoever runs the member, beside what it asks of the member itself.</summary>
internal interface INodeHost
{
    /// <summary>
    /// Makes a node that holds nothing a cluster of one, under this name and reached at these URLs. The member is
    /// another one afterwards. Done at once if it is just that already.
    /// </summary>
    /// <returns>Done, or why not: it is a member of a cluster, or holds data.</returns>
    Task<ChangeOutcome> BecomeClusterOfOneAsync(string name, IReadOnlyList<string> peerUrls);

    /// <summary>Makes a node that holds nothing one of no cluster, which waits to be taken into one.</summary>
    /// <returns>Done, also when it is one already, or why not.</returns>
    Task<ChangeOutcome> BecomeUnconfiguredAsync();

    /// <summary>Begins to end the node in order, as after a signal to stop, and returns; the process exits 0.</summary>
    void BeginStop();
}
