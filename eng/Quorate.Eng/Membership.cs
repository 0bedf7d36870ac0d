using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Quorate.Eng;

/// <summary>
/// Changes the members over HTTP, at whichever node answers. What is refused for now is asked for again, and counted.
/// </summary>
public sealed class Membership(Cluster cluster) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>How often each refusal was heard, by its word.</summary>
    public SortedDictionary<string, int> Refusals { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a node that runs, and waits until it votes.</summary>
    public async Task AddAsync(ClusterNode node)
    {
        await ChangeAsync(HttpMethod.Post, "/members", AddressOf(node));
        cluster.Replace(gone: null, come: node);
        await VotesAsync(node.Name);
    }

    /// <summary>Lets a node that runs take a member's place.</summary>
    public async Task ReplaceAsync(ClusterNode old, ClusterNode node)
    {
        await ChangeAsync(HttpMethod.Post, $"/members/{old.Name}/replace", AddressOf(node));
        await VotesAsync(node.Name);
        cluster.Replace(gone: old, come: node);
    }

    /// <summary>Removes a member; it may be the leader.</summary>
    public async Task RemoveAsync(ClusterNode node)
    {
        await ChangeAsync(HttpMethod.Delete, $"/members/{node.Name}", body: null);
        cluster.Replace(gone: node, come: null);
    }

    public void Dispose() => _http.Dispose();

    private static object AddressOf(ClusterNode node) => new { name = node.Name, peerUrls = new[] { node.PeerUrl } };

    private Task VotesAsync(string name) => Cluster.WaitAsync($"vote of {name}", Limit, async () =>
    {
        foreach (var node in cluster.Nodes)
        {
            try
            {
                var members = await _http.GetFromJsonAsync<JsonElement>($"{node.Url}/members");
                return members.GetProperty("members").EnumerateArray().Any(member =>
                    member.GetProperty("name").GetString() == name
                    && member.GetProperty("state").GetString() == "voter");
            }
            catch (HttpRequestException)
            {
                // Asked next.
            }
        }

        return false;
    });

    private async Task ChangeAsync(HttpMethod method, string path, object? body)
    {
        var turn = 0;
        await Cluster.WaitAsync($"success of {method} {path}", Limit, async () =>
        {
            var nodes = cluster.Nodes;
            var url = nodes[turn++ % nodes.Count].Url + path;
            using var request = new HttpRequestMessage(method, url);
            request.Content = body is null ? null : JsonContent.Create(body);
            try
            {
                using var answer = await _http.SendAsync(request);
                return answer.IsSuccessStatusCode || await IsDoneAsync(method, answer);
            }
            catch (HttpRequestException)
            {
                Count("nobody answered");
                return false;
            }
        });
    }

    // A removal whose answer was lost is done when there is no such member any more.
    private async Task<bool> IsDoneAsync(HttpMethod method, HttpResponseMessage answer)
    {
        var error = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var word = error.TryGetProperty("refusal", out var refusal) && refusal.ValueKind == JsonValueKind.String
            ? refusal.GetString()!
            : error.GetProperty("code").GetString()!;
        Count(word);
        return method == HttpMethod.Delete && answer.StatusCode == HttpStatusCode.NotFound;
    }

    private void Count(string word) => Refusals[word] = Refusals.GetValueOrDefault(word) + 1;
}
