using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Quorate.Cli.Client;

/// <summary>What came before the body of an answer.</summary>
internal sealed record Reply(HttpStatusCode Status, AnswerHeader Header);

/// <summary>What may be done with a request on its way.</summary>
internal sealed record Sending
{
    public static readonly Sending Read = new();

    public static readonly Sending Write = new()
    {
        IsWrite = true,
        WhenUnknown = "whether it was written is unknown: read before repeating",
    };

    /// <summary>It goes to another node only when it is certain that nothing was done.</summary>
    public bool IsWrite { get; init; }

    /// <summary>It is meant for the node that is asked, and for no other that leads.</summary>
    public bool StaysHere { get; init; }

    /// <summary>What is said when nobody knows whether it was done.</summary>
    public string WhenUnknown { get; init; } = "";
}

/// <summary>
/// Sends one request to the endpoints in turn within one time limit, and turns whatever goes wrong into a
/// <see cref="KvException"/>.
/// </summary>
internal sealed class HttpExchange : IDisposable
{
    private const int BodyBytesMax = 8 * 1024 * 1024;
    private const int RedirectsMax = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // The node answers "timeout" itself, with the outcome; only a node that hangs is left by our own clock.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2);

    private readonly HttpKvOptions _options;
    private readonly HttpClient _http;

    public HttpExchange(HttpKvOptions options)
    {
        _options = options;

        // A connection is used once: the handler would repeat a request by itself when a kept connection breaks,
        // also a write.
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            PooledConnectionIdleTimeout = TimeSpan.Zero,
            ConnectTimeout = options.Timeout < ConnectLimit ? options.Timeout : ConnectLimit,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = BodyBytesMax,
        };
    }

    /// <summary>Sends to the first endpoint that answers; tries again while <c>--wait</c> allows.</summary>
    public async Task<T> SendAsync<T>(
        Func<Endpoint, HttpRequestMessage> make,
        Sending sending,
        Func<Reply, byte[], T> read,
        CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var pause = FirstPause;
        while (true)
        {
            try
            {
                return await SendRoundAsync(make, sending, read, cancellationToken);
            }
            catch (KvException e) when (e.NothingDone && Stopwatch.GetElapsedTime(started) < _options.Wait)
            {
                await Task.Delay(pause, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>Sends a read to one endpoint.</summary>
    public Task<T> SendToAsync<T>(
        Endpoint endpoint,
        Func<Endpoint, HttpRequestMessage> make,
        Func<Reply, byte[], T> read,
        CancellationToken cancellationToken) =>
        SendToAsync(endpoint, make, Sending.Read, read, Limit, cancellationToken);

    public void Dispose() => _http.Dispose();

    private TimeSpan Limit => _options.Timeout + _options.Wait + Grace;

    private async Task<T> SendToAsync<T>(
        Endpoint endpoint,
        Func<Endpoint, HttpRequestMessage> make,
        Sending sending,
        Func<Reply, byte[], T> read,
        TimeSpan limit,
        CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        var asked = endpoint;
        for (var redirects = 0; ; redirects++)
        {
            var (answer, leader) = await AskAsync(redirects);
            if (leader is null)
            {
                return answer!;
            }

            if (sending.StaysHere || redirects == RedirectsMax)
            {
                throw new KvException(KvFault.Refused, $"{endpoint} does not lead, and names {leader}")
                {
                    Code = "not_leader",
                };
            }

            endpoint = leader;
        }

        async Task<(T? Answer, Endpoint? Leader)> AskAsync(int redirects)
        {
            try
            {
                return await SendOnceAsync(endpoint, make, sending, read, deadline.Token, cancellationToken);
            }
            catch (KvException e) when (redirects > 0 && e.Fault == KvFault.Unreachable)
            {
                throw new KvException(e.Fault, $"{asked} sends its callers to the leader, and {e.Message}");
            }
        }
    }

    /// <summary>The answer, or the leader that the node sends its callers to.</summary>
    private async Task<(T? Answer, Endpoint? Leader)> SendOnceAsync<T>(
        Endpoint endpoint,
        Func<Endpoint, HttpRequestMessage> make,
        Sending sending,
        Func<Reply, byte[], T> read,
        CancellationToken deadline,
        CancellationToken cancellationToken)
    {
        using var request = make(endpoint);
        if (sending.IsWrite)
        {
            // The handler repeats by itself what has no body when the connection breaks, also a deletion.
            request.Content ??= new ByteArrayContent([]);
        }

        try
        {
            using var response = await _http.SendAsync(request, deadline);
            var body = await response.Content.ReadAsByteArrayAsync(deadline);
            return LeaderNamedBy(response) is { } leader
                ? (default, leader)
                : (Judge(endpoint, response, body, read), null);
        }
        catch (OperationCanceledException) when (!deadline.IsCancellationRequested)
        {
            throw new KvException(KvFault.Unreachable, $"cannot reach {endpoint}: no answer to the connection");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new KvException(KvFault.Timeout, $"{endpoint} did not answer in time");
        }
        catch (HttpRequestException e)
        {
            throw ToFault(endpoint, e);
        }
    }

    private async Task<T> SendRoundAsync<T>(
        Func<Endpoint, HttpRequestMessage> make,
        Sending sending,
        Func<Reply, byte[], T> read,
        CancellationToken cancellationToken)
    {
        // A node that hangs must not eat the time of the others; a write has only one try that is not refused.
        var limit = sending.IsWrite ? Limit : Limit / _options.Endpoints.Count;
        List<KvException> faults = [];
        foreach (var endpoint in _options.Endpoints)
        {
            try
            {
                return await SendToAsync(endpoint, make, sending, read, limit, cancellationToken);
            }
            catch (KvException e) when (MayTryNext(e, sending.IsWrite))
            {
                faults.Add(e);
            }
            catch (KvException e) when (sending.IsWrite && e.Fault is KvFault.Timeout or KvFault.Broken)
            {
                throw new KvException(e.Fault, $"{e.Message}; {sending.WhenUnknown}") { OutcomeIsUnknown = true };
            }
        }

        throw Summary(faults);
    }

    private static bool MayTryNext(KvException e, bool isWrite) =>
        e.NothingDone || (!isWrite && e.Fault is KvFault.Broken or KvFault.Timeout);

    // What a node said about the cluster tells more than that another one is down.
    private static KvException Summary(List<KvException> faults)
    {
        var telling = faults.FirstOrDefault(e => e.Fault != KvFault.Unreachable);
        if (telling is not null)
        {
            return telling;
        }

        var all = string.Join("; ", faults.Select(e => e.Message));
        return new KvException(
            KvFault.Unreachable, $"{all}; start a node with `quorate serve`, or name others with --endpoints");
    }

    private static T Judge<T>(Endpoint endpoint, HttpResponseMessage response, byte[] body, Func<Reply, byte[], T> read)
    {
        var reply = new Reply(response.StatusCode, ReadHeader(endpoint, response));
        if (response.IsSuccessStatusCode)
        {
            return read(reply, body);
        }

        var error = ReadError(body);
        return response.StatusCode == HttpStatusCode.NotFound && error?.Code == "not_found"
            ? read(reply, body)
            : throw ToFault(endpoint, response.StatusCode, error);
    }

    private static Endpoint? LeaderNamedBy(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.TemporaryRedirect
            && response.Headers.Location is { IsAbsoluteUri: true, Scheme: "http" } location
            ? new Endpoint(location.Host, location.Port)
            : null;

    private static KvException ToFault(Endpoint endpoint, HttpStatusCode status, ErrorBody? error)
    {
        var fault = (error?.Code, status) switch
        {
            ("no_leader" or "not_leader" or "unconfigured", _) => KvFault.NoQuorum,
            ("timeout", _) or (_, HttpStatusCode.GatewayTimeout) => KvFault.Timeout,
            _ => error is { Retryable: true, Outcome: "not_done" } ? KvFault.Busy : KvFault.Refused,
        };
        return new KvException(fault, $"{endpoint}: {error?.Message ?? $"answered HTTP {(int)status}"}")
        {
            Code = error?.Code,
            Refusal = error?.Refusal,
            OutcomeIsUnknown = error?.Outcome == "unknown",
        };
    }

    private static KvException ToFault(Endpoint endpoint, HttpRequestException e)
    {
        if (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            var why = e.InnerException is SocketException socket ? socket.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "connection refused",
                SocketError.HostNotFound or SocketError.NoData => "unknown host",
                _ => socket.Message,
            } : e.Message;
            return new KvException(KvFault.Unreachable, $"cannot reach {endpoint}: {why}");
        }

        return new KvException(KvFault.Broken, $"the connection to {endpoint} broke");
    }

    private static ErrorBody? ReadError(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ClientJson.Default.ErrorBody);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static AnswerHeader ReadHeader(Endpoint endpoint, HttpResponseMessage response) => new(
        endpoint, (long)ReadNumber(response, "Quorate-Revision"), ReadNumber(response, "Quorate-Term"));

    private static ulong ReadNumber(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values)
            && ulong.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;
}
