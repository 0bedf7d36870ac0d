using Quorate.Mvcc;
using Quorate.Server.Http;

namespace Quorate.Server;

/// <summary>The settings of the client side of one node: where it listens, and every bound of the HTTP API.</summary>
public sealed class ServerOptions
{
    /// <summary>Where clients are served; empty when a host program brings its own listeners.</summary>
    public IReadOnlyList<string> ListenClientUrls { get; init; } = ["http://localhost:2379"];

    /// <summary>Where the node listens for its peers.</summary>
    public IReadOnlyList<string> ListenPeerUrls { get; init; } = ["http://localhost:2380"];

    /// <summary>Lets requests from anywhere reshape the cluster, not only those from loopback and members.</summary>
    public bool InsecureAdmin { get; init; }

    /// <summary>Whose habits the HTTP API keeps.</summary>
    public Compat Compat { get; init; }

    /// <summary>Whom a node that belongs to no cluster, or is alone, asks to take it in.</summary>
    public JoinOptions Join { get; init; } = new();

    /// <summary>How long a request may take that does not say; null for 5 s and two election timeouts.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>The longest <c>?timeout=</c> and <c>?wait=</c>.</summary>
    public TimeSpan RequestTimeoutMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The largest body that is read. It is more than the largest command, since JSON escapes and base64 take more
    /// room than the bytes they stand for.
    /// </summary>
    public int BodyBytesMax { get; init; } = 2 * CommandLimits.BytesMax;

    /// <summary>The most keys in one request; they share one transaction, whose apply must stay short.</summary>
    public int KeysMax { get; init; } = 10_000;

    /// <summary>Connections of clients at one time.</summary>
    public int ConnectionsMax { get; init; } = 20_000;

    /// <summary>How long a stop waits for requests under way.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Lists every setting that cannot be; empty when all are good.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        foreach (var url in ListenClientUrls)
        {
            if (ListenUrl.Parse(url, out _) is { } fault)
            {
                faults.Add($"listen client URL {fault}");
            }
        }

        faults.AddRange(Join.Faults());
        Require(
            Join.Targets.Count == 0 || Join.Addresses.Count > 0,
            "a node that asks to be added must say under which address");
        Require(RequestTimeout is null || RequestTimeout > TimeSpan.Zero, "request timeout must be more than 0");
        Require(RequestTimeoutMax > TimeSpan.Zero, "the longest request timeout must be more than 0");
        Require(RequestTimeoutMax <= DurationText.Longest, $"the longest request timeout is {DurationText.Longest}");
        Require(BodyBytesMax >= 1024, "bodies of at least 1024 bytes must be taken");
        Require(KeysMax >= 1, "a request must be allowed to name a key");
        Require(ConnectionsMax >= 1, "at least one connection must be allowed");
        Require(DrainTimeout >= TimeSpan.Zero, "drain timeout must not be negative");
        return faults;

        void Require(bool condition, string fault)
        {
            if (!condition)
            {
                faults.Add(fault);
            }
        }
    }
}
