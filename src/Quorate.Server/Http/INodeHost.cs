namespace Quorate.Server.Http;

/// <summary>What the HTTP API asks of whoever runs the member, beside what it asks of the member itself.</summary>
internal interface INodeHost
{
    /// <summary>
    /// Makes a node that holds nothing a cluster of one, under this name and reached at these URLs. The member is
    /// another one afterwards. Done at once if it is just that already.
    /// </summary>
    /// <returns>Null when done, else why not: it is a member of a cluster, or holds data.</returns>
    Task<ApiError?> BecomeClusterOfOneAsync(string name, IReadOnlyList<string> peerUrls);

    /// <summary>Makes a node that holds nothing one of no cluster, which waits to be taken into one.</summary>
    /// <returns>Null when done, or already so, else why not.</returns>
    Task<ApiError?> BecomeUnconfiguredAsync();

    /// <summary>Begins to end the node in order, as after a signal to stop, and returns; the process exits 0.</summary>
    void BeginStop();
}
