namespace Quorate.Cli.Client;

/// <summary>One endpoint's answer to a status question: the document, or why there is none.</summary>
internal sealed record NodeReport(Endpoint Endpoint, NodeStatus? Status, byte[]? Body, KvException? Fault)
{
    /// <summary>Asks all endpoints at once.</summary>
    public static Task<NodeReport[]> AskAllAsync(
        HttpKv kv, IReadOnlyList<Endpoint> endpoints, CancellationToken cancellationToken) =>
        Task.WhenAll(endpoints.Select(endpoint => AskAsync(kv, endpoint, cancellationToken)));

    private static async Task<NodeReport> AskAsync(HttpKv kv, Endpoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            var body = await kv.StatusBytesAsync(endpoint, cancellationToken);
            return new NodeReport(endpoint, HttpKv.ReadStatus(body), body, Fault: null);
        }
        catch (KvException e)
        {
            return new NodeReport(endpoint, Status: null, Body: null, e);
        }
    }
}
