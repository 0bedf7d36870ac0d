using Microsoft.AspNetCore.Http;

namespace Quorate.Cli.Tests.Fakes;

/// <summary>What a node of a cluster of n1 and n2 answers, and how a test changes a part of it.</summary>
internal static class FakeCluster
{
    public const string N1 =
        """
        {"name":"n1","id":"00000000000000a1","peerUrls":["http://127.0.0.1:2380"],
         "clientUrls":["http://127.0.0.1:2379"],"state":"voter","staysLearner":false,"replaces":null,"leader":true,
         "match":42,"lagEntries":0,"lagBytes":0,"percent":100,"lastContactMs":0}
        """;

    public const string N2 =
        """
        {"name":"n2","id":"00000000000000b2","peerUrls":["http://127.0.0.1:22380"],"clientUrls":[],
         "state":"voter","staysLearner":false,"replaces":null,"leader":false,
         "match":40,"lagEntries":2,"lagBytes":200,"percent":95,"lastContactMs":20}
        """;

    public const string Learner =
        """
        {"name":"n3","id":"00000000000000c3","peerUrls":["http://127.0.0.1:32380"],"clientUrls":[],
         "state":"learner","staysLearner":false,"replaces":null,"leader":false,
         "match":21,"lagEntries":21,"lagBytes":3145728,"percent":50,"lastContactMs":20}
        """;

    public const string Announced =
        """
        {"name":"","id":"00000000000000c3","peerUrls":["http://127.0.0.1:32380"],"clientUrls":[],
         "state":"announced","staysLearner":false,"replaces":null,"leader":false}
        """;

    public const string Status =
        """
        {"me":{"id":"n1","address":"127.0.0.1:2380"},"leader":{"id":"n1","address":"127.0.0.1:2380"},"role":"leader",
         "term":3,"commit":42,"applied":42,"last":44,"hashIndex":42,"hashTerm":3,"revision":17,"version":"0.1.0",
         "followers":[{"id":"n2","address":"127.0.0.1:22380","match":40,"next":41,"state":"replicate",
         "lastContactMs":20,"lag":2},{"id":"n3","address":"127.0.0.1:32380"}],
         "clusterId":"0000000000000001000000000000000a","memberId":"00000000000000a1","nodeState":"member",
         "termMs":93784000,"votedFor":"n1","electionTimerMs":null,"votesGranted":0,"votesRequired":2,"unapplied":2048,
         "directory":"/var/lib/n1","heartbeatMs":100,"electionMs":1000,"electionMaxMs":2000,"requestTimeoutMs":7000}
        """;

    /// <summary>The voter that the learner becomes.</summary>
    public static string Promoted => Learner.Replace("\"learner\"", "\"voter\"", StringComparison.Ordinal);

    public static string List(params string[] members) =>
        $$"""{"members":[{{string.Join(',', members)}}],"changing":false,"configIndex":1}""";

    public static string Member(string member) => $$"""{"member":{{member}}}""";

    public static string Leader(string member) => $$"""{"leader":{{member}},"term":3}""";

    public static string Refusal(string code, string refusal, string message, bool retryable = false) =>
        $$"""
        {"code":"{{code}}","message":"{{message}}","leader":null,"retryable":{{(retryable ? "true" : "false")}},
         "outcome":"not_done","refusal":"{{refusal}}"}
        """;

    /// <summary>
    /// A node that answers each of <paramref name="answers"/> (<c>"GET /members"</c>, without what is behind "?"); else
    /// the list of n1 and n2, and its status.
    /// </summary>
    public static Task<FakeNode> StartAsync(params (string Request, int Status, string Body)[] answers) =>
        FakeNode.StartAsync((request, response) =>
        {
            var asked = $"{request.Method} {request.Target.Split('?')[0]}";
            var (status, body) = answers.Where(answer => answer.Request == asked)
                .Select(answer => (answer.Status, answer.Body))
                .FirstOrDefault(asked switch
                {
                    "GET /members" => (200, List(N1, N2)),
                    "GET /status" => (200, Status),
                    "GET /leader" => (200, Leader(N1)),
                    _ => (404, """{"code":"not_found","message":"no such path"}"""),
                });
            response.StatusCode = status;
            response.Headers["Quorate-Term"] = "3";
            return response.WriteAsync(body);
        });

    /// <summary>The requests that changed something, each with its body.</summary>
    public static string[] Changes(FakeNode node) =>
    [
        .. node.Seen.Where(request => request.Method != "GET")
            .Select(request =>
                $"{request.Method} {request.Target} {System.Text.Encoding.UTF8.GetString(request.Body)}".TrimEnd()),
    ];
}
