using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Quorate.Cli.Tests.Processes;

/// <summary>What a test asks nodes, as curl -L would; a node that does not answer yet is asked again.</summary>
internal sealed class NodeCalls : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(20),
    };

    /// <summary>Asks until the answer is 200 and fulfils a condition; returns its body.</summary>
    public async Task<string> GetAsync(int port, string target, Func<string, bool>? holds = null)
    {
        return await RepeatAsync($"GET {target} at {port}", async () =>
        {
            using var answer = await _client.GetAsync(new Uri($"http://127.0.0.1:{port}{target}"));
            var body = await answer.Content.ReadAsStringAsync();
            return (answer.StatusCode == HttpStatusCode.OK && (holds?.Invoke(body) ?? true), body);
        });
    }

    /// <summary>Posts until the answer is 200.</summary>
    public async Task PostAsync(int port, string target, string body) =>
        await RepeatAsync($"POST {target} at {port}", async () =>
        {
            using var content = new StringContent(body, Encoding.UTF8);
            using var answer = await _client.PostAsync(new Uri($"http://127.0.0.1:{port}{target}"), content);
            return (answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        });

    /// <summary>Waits until a field of a node's status is this.</summary>
    public async Task AwaitStatusAsync(int port, string field, string value) =>
        await GetAsync(port, "/status", body => Field(body, field) == value);

    /// <summary>Waits until these are the voters, by name, with these Raft ports.</summary>
    public async Task AwaitVotersAsync(int port, params (string Name, int RaftPort)[] voters)
    {
        var expected = voters.Select(voter => $"{voter.Name} http://127.0.0.1:{voter.RaftPort}").Order().ToArray();
        await GetAsync(port, "/members", body =>
        {
            using var json = JsonDocument.Parse(body);
            var found = json.RootElement.GetProperty("members").EnumerateArray()
                .Where(member => member.GetProperty("state").GetString() == "voter")
                .Select(member => $"{member.GetProperty("name")} {member.GetProperty("peerUrls")[0]}")
                .Order();
            return found.SequenceEqual(expected);
        });
    }

    public void Dispose() => _client.Dispose();

    private static string Field(string body, string field)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty(field).ToString();
    }

    private static async Task<string> RepeatAsync(string what, Func<Task<(bool Holds, string Body)>> ask)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var since = Stopwatch.GetTimestamp();
        var last = "nothing";
        while (Stopwatch.GetElapsedTime(since) < Limit)
        {
            try
            {
                (var holds, last) = await ask();
                if (holds)
                {
                    return last;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                last = e.Message;
            }

            await pause.WaitForNextTickAsync();
        }

        throw new TimeoutException($"{what}: the last answer was {last}");
    }
}
