using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Quorate.Cli.Client;

/// <summary>
/// Who belongs to the cluster and who leads it, over the HTTP API. Any member is asked; what only the leader does, the
/// member passes on or sends us there.
/// </summary>
internal sealed class HttpCluster(HttpKvOptions options) : IDisposable
{
    private static readonly Sending Change = new()
    {
        IsWrite = true,
        WhenUnknown = "`quorate member list` tells whether it is done, and the command may be repeated without harm",
    };

    private static readonly Sending HandOver = new()
    {
        IsWrite = true,
        WhenUnknown = "`quorate leader` tells who leads",
    };

    private readonly HttpExchange _exchange = new(options);

    /// <summary>The members, as the first endpoint knows them that belongs to a cluster.</summary>
    public Task<MemberList> ListAsync(CancellationToken cancellationToken) =>
        _exchange.SendAsync(
            to => Request(to, HttpMethod.Get, "members"), Sending.Read, ReadFilledList, cancellationToken);

    /// <summary>The same of the first endpoint that answers; a node that belongs to no cluster lists nobody.</summary>
    public Task<MemberList> ListIfAnyAsync(CancellationToken cancellationToken) =>
        _exchange.SendAsync(
            to => Request(to, HttpMethod.Get, "members"), Sending.Read, ReadList, cancellationToken);

    /// <summary>The list as one node knows it.</summary>
    public Task<MemberList> ListAtAsync(Endpoint endpoint, CancellationToken cancellationToken) =>
        _exchange.SendToAsync(endpoint, to => Request(to, HttpMethod.Get, "members"), ReadList, cancellationToken);

    public Task<MemberAnswer> AddAsync(MemberRequest member, bool force, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Post, "members", member, force, cancellationToken);

    public Task<MemberAnswer> UpdateAsync(
        string named, MemberRequest member, bool force, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Put, $"members/{Escape(named)}", member, force, cancellationToken);

    public Task<MemberAnswer> RemoveAsync(string named, bool force, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Delete, $"members/{Escape(named)}", member: null, force, cancellationToken);

    public Task<MemberAnswer> PromoteAsync(string named, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Post, $"members/{Escape(named)}/promote", member: null, force: false, cancellationToken);

    public Task<MemberAnswer> ReplaceAsync(
        string named, MemberRequest member, bool force, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Post, $"members/{Escape(named)}/replace", member, force, cancellationToken);

    /// <summary>Who leads; fails where nobody is known to.</summary>
    public Task<LeaderAnswer> LeaderAsync(CancellationToken cancellationToken) =>
        _exchange.SendAsync(
            to => Request(to, HttpMethod.Get, "leader"),
            Sending.Read,
            (reply, body) => ReadLeader(reply, body) is { Leader: not null } answer
                ? answer
                : throw new KvException(KvFault.NoQuorum, $"{reply.Header.Endpoint} knows no leader")
                {
                    Code = "no_leader",
                },
            cancellationToken);

    /// <summary>Hands leadership to a member.</summary>
    public Task<LeaderAnswer> TransferAsync(string named, CancellationToken cancellationToken) =>
        _exchange.SendAsync(
            to => Request(
                to, HttpMethod.Post, $"leader?{TimeLimit}",
                JsonSerializer.Serialize(new TransferBody(named), ClientJson.Default.TransferBody)),
            HandOver with { WhenUnknown = $"{HandOver.WhenUnknown}, and the command may be repeated without harm" },
            ReadLeader,
            cancellationToken);

    /// <summary>Hands leadership to whoever is most advanced.</summary>
    /// <param name="onlyHere">Asks the node itself to step down, and no other that leads.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<LeaderAnswer> StepDownAsync(bool onlyHere, CancellationToken cancellationToken) =>
        _exchange.SendAsync(
            to => Request(to, HttpMethod.Post, $"leader/step-down?{TimeLimit}"),
            HandOver with { StaysHere = onlyHere },
            ReadLeader,
            cancellationToken);

    /// <summary>Begins an election at the node that is asked.</summary>
    public Task<LeaderAnswer> ElectAsync(CancellationToken cancellationToken) =>
        _exchange.SendAsync(
            to => Request(to, HttpMethod.Post, $"election?{TimeLimit}"), HandOver, ReadLeader, cancellationToken);

    public void Dispose() => _exchange.Dispose();

    private string TimeLimit => $"timeout={(long)options.Timeout.TotalMilliseconds}ms";

    private Task<MemberAnswer> ChangeAsync(
        HttpMethod method, string path, MemberRequest? member, bool force, CancellationToken cancellationToken)
    {
        var body = member is null ? null : JsonSerializer.Serialize(member, ClientJson.Default.MemberRequest);
        return _exchange.SendAsync(
            to => Request(to, method, $"{path}?{TimeLimit}{(force ? "&force" : "")}", body),
            Change,
            (reply, answer) => new MemberAnswer(
                reply.Header,
                answer.Length == 0 ? null : Read(reply, answer, ClientJson.Default.MemberBody).Member),
            cancellationToken);
    }

    private static MemberList ReadList(Reply reply, byte[] body)
    {
        var list = Read(reply, body, ClientJson.Default.MemberListBody);
        return new MemberList(reply.Header, list.Members ?? throw HttpKv.NotOurs(), list.Changing);
    }

    // A node without a cluster lists nobody, and another endpoint may know more.
    private static MemberList ReadFilledList(Reply reply, byte[] body) =>
        ReadList(reply, body) is { Members.Count: > 0 } list
        ? list
        : throw new KvException(KvFault.NoQuorum, $"{reply.Header.Endpoint} belongs to no cluster yet")
        {
            Code = "unconfigured",
        };

    private static LeaderAnswer ReadLeader(Reply reply, byte[] body) =>
        new(reply.Header, Read(reply, body, ClientJson.Default.LeaderBody).Leader);

    // What is not there is a refusal here, not an answer.
    private static T Read<T>(Reply reply, byte[] body, JsonTypeInfo<T> type)
    {
        if (reply.Status != HttpStatusCode.NotFound)
        {
            return HttpKv.Read(body, type);
        }

        var error = HttpKv.Read(body, ClientJson.Default.ErrorBody);
        throw new KvException(KvFault.Refused, $"{reply.Header.Endpoint}: {error.Message}")
        {
            Code = error.Code,
            Refusal = error.Refusal,
        };
    }

    private static HttpRequestMessage Request(Endpoint to, HttpMethod method, string path, string? json = null)
    {
        // The path is sent as written here: a name may hold "/" or be "..".
        var uri = new Uri(
            $"{to.Uri}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(method, uri);
        if (json is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
        }

        return request;
    }

    private static string Escape(string name) => HttpKv.PercentEncode(Encoding.UTF8.GetBytes(name));
}
