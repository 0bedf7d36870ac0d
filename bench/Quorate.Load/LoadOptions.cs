namespace Quorate.Load;

/// <summary>What to do to a cluster, and for how long.</summary>
internal sealed record LoadOptions
{
    /// <summary>Host and port of each node; the connections are spread over them in turn.</summary>
    public required IReadOnlyList<string> Endpoints { get; init; }

    /// <summary>How many connections; 0: as many as requests outstanding.</summary>
    public int Connections { get; init; }

    /// <summary>How many requests wait for an answer at any time, over all connections.</summary>
    public int Outstanding { get; init; } = 64;

    public int Keys { get; init; } = 100_000;

    public int ValueBytes { get; init; } = 256;

    public Mix Mix { get; init; } = new(PutPercent: 50);

    public int Seconds { get; init; } = 10;

    /// <summary>Stop after so many operations instead of after a time; 0: by time.</summary>
    public long Count { get; init; }

    /// <summary>Put every key once before the measured part.</summary>
    public bool Prefill { get; init; }

    /// <summary>The level of the gets, as the API names it.</summary>
    public string Level { get; init; } = "default";

    /// <summary>How long answers are waited for when the time is over.</summary>
    public int DrainSeconds { get; init; } = 10;

    public ulong Seed { get; init; } = 1;

    public int ConnectionCount => Connections == 0 ? Outstanding : Math.Min(Connections, Outstanding);

    /// <summary>All faults of these options, each a sentence.</summary>
    public IEnumerable<string> Validate()
    {
        if (Endpoints.Count == 0 || Endpoints.Any(endpoint => !Endpoint.TryParse(endpoint, out _, out _)))
        {
            yield return "--endpoints takes host:port, separated by commas.";
        }

        if (Outstanding is < 1 or > 65_536 || Connections is < 0 or > 65_536)
        {
            yield return "--outstanding is 1 to 65536, --connections 0 to 65536.";
        }

        if (Keys < 1 || ValueBytes is < 0 or > 1_500_000)
        {
            yield return "--keys is 1 or more, --value-bytes 0 to 1500000.";
        }

        if (Seconds < 1 || Count < 0)
        {
            yield return "--seconds is 1 or more, --count 0 or more.";
        }

        if (Level is not ("default" or "consistent" or "stale"))
        {
            yield return "--level is default, consistent or stale.";
        }
    }
}
