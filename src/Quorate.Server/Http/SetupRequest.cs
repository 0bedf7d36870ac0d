namespace Quorate.Server.Http;

/// <summary>One node that a setup names.</summary>
/// <param name="Id">The name that it is to have.</param>
/// <param name="ClientUrl">Where its clients reach it.</param>
/// <param name="PeerUrl">Where its Raft listener is.</param>
internal sealed record SetupNode(string Id, string ClientUrl, string PeerUrl);

/// <summary>The body of <c>/setup</c> and <c>/shutdown</c>: who is to lead, and who is to follow.</summary>
internal sealed record SetupRequest(SetupNode Leader, IReadOnlyList<SetupNode> Others)
{
    /// <summary>All of them, the leader first.</summary>
    public IEnumerable<SetupNode> All => Others.Prepend(Leader);

    /// <summary>Reads the fields; only to be used when the fault is null.</summary>
    public static (SetupRequest Request, string? Fault) Of(JsonFields fields)
    {
        var leader = new SetupNode(
            fields.Required("leaderId"),
            PeerAddress.ToUrl(fields.Required("leaderAddr")),
            PeerAddress.ToUrl(fields.Required("leaderRaftAddr")));
        var ids = fields.Texts("clientIds") ?? [];
        var clients = fields.Texts("clientAddrs") ?? [];
        var peers = fields.Texts("clientRaftAddrs") ?? [];
        if (fields.Fault is { } fault)
        {
            return (new SetupRequest(leader, []), fault);
        }

        if (ids.Count != clients.Count || ids.Count != peers.Count)
        {
            return (new SetupRequest(leader, []),
                $"clientIds has {ids.Count} entries, clientAddrs {clients.Count}, clientRaftAddrs {peers.Count}; "
                + "they must be as many");
        }

        var others = ids.Select((id, i) =>
            new SetupNode(id, PeerAddress.ToUrl(clients[i]), PeerAddress.ToUrl(peers[i])));
        var request = new SetupRequest(leader, [.. others]);
        return (request, request.FindDouble());
    }

    private string? FindDouble() =>
        DoubleOf(All.Select(node => node.Id)) is { } id ? $"the id \"{id}\" stands twice"
        : All.Any(node => node.Id.Length == 0) ? "an id is empty"
        : DoubleOf(All.Select(node => node.PeerUrl)) is { } peer ? $"the Raft address {peer} stands twice"
        : DoubleOf(All.Select(node => node.ClientUrl)) is { } client ? $"the address {client} stands twice"
        : null;

    private static string? DoubleOf(IEnumerable<string> texts) =>
        texts.GroupBy(text => text, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
}
