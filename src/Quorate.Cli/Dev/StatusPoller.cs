using Quorate.Cli.Client;

namespace Quorate.Cli.Dev;

/// <summary>Asks the nodes again and again how they are.</summary>
internal sealed class StatusPoller : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly CancellationTokenSource _stop = new();

    public StatusPoller(IReadOnlyList<DevNode> nodes)
    {
        foreach (var node in nodes)
        {
            _ = PollAsync(node, _stop.Token);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private static async Task PollAsync(DevNode node, CancellationToken cancellationToken)
    {
        var endpoint = new Endpoint("127.0.0.1", node.Plan.ClientPort);
        using var kv = new HttpKv(new HttpKvOptions { Endpoints = [endpoint], Timeout = Interval });
        using var timer = new PeriodicTimer(Interval);
        try
        {
            do
            {
                node.Status = await AskAsync(kv, endpoint, cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The cluster is being stopped.
        }
    }

    private static async Task<NodeStatus?> AskAsync(HttpKv kv, Endpoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            return await kv.StatusAsync(endpoint, cancellationToken);
        }
        catch (KvException)
        {
            // Down, or not up yet: the table says so.
            return null;
        }
    }
}
