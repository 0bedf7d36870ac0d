using Quorate.Server.Tests.Http;

namespace Quorate.Server.Tests.Nodes;

/// <summary>Three real nodes in this process that have elected a leader.</summary>
public sealed class ThreeNodes : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();

    internal RunningNode[] Nodes { get; private set; } = [];

    public async Task InitializeAsync()
    {
        Nodes = RunningNode.Cluster(_directory.Path, "n1", "n2", "n3");
        await Task.WhenAll(Nodes.Select(node => node.StartAsync()));
        foreach (var node in Nodes)
        {
            await Eventually.HoldsAsync(async () => (await node.GetAsync("/health")).Text.Contains("\"true\""));
        }
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(Nodes.Select(node => node.DisposeAsync().AsTask()));
        _directory.Dispose();
    }

    /// <summary>The leader and the followers as the nodes see them now, once all agree.</summary>
    internal async Task<(RunningNode Leader, RunningNode[] Followers)> RolesAsync()
    {
        RunningNode[] leaders = [];
        await Eventually.HoldsAsync(async () =>
        {
            var names = await Task.WhenAll(Nodes.Select(LeaderOfAsync));
            leaders = [.. Nodes.Where(node => names.All(name => name == node.Name))];
            return leaders.Length == 1;
        });
        return (leaders[0], [.. Nodes.Where(node => node != leaders[0])]);
    }

    private static async Task<string?> LeaderOfAsync(RunningNode node) =>
        (await node.GetAsync("/status")).Json.GetProperty("leader").GetProperty("id").GetString();
}

/// <summary>A directory for one test.</summary>
internal sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("quorate-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Waits for a condition; the limit is far beyond what a slow machine needs.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task HoldsAsync(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(Limit);
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
