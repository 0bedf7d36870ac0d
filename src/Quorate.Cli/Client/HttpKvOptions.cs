namespace Quorate.Cli.Client;

/// <summary>How a client talks to the cluster.</summary>
internal sealed record HttpKvOptions
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Tried in this order.</summary>
    public required IReadOnlyList<Endpoint> Endpoints { get; init; }

    /// <summary>For one request, over all endpoints.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>How long to wait for a node and a leader before the request is given up as not done.</summary>
    public TimeSpan Wait { get; init; }
}
