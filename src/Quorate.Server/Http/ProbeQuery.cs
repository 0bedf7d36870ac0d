namespace Quorate.Server.Http;

/// <summary>The query parameters of the health probes, as etcd has them; others are skipped, as etcd does.</summary>
internal sealed class ProbeQuery
{
    private readonly HashSet<string> _excluded = new(StringComparer.Ordinal);

    /// <summary>List every check.</summary>
    public bool Verbose { get; private set; }

    /// <summary>Do without a read that needs a majority.</summary>
    public bool Serializable { get; private set; }

    /// <summary>Reads a query.</summary>
    public static ProbeQuery Parse(ReadOnlySpan<char> query)
    {
        var parsed = new ProbeQuery();
        foreach (var range in query.Split('&'))
        {
            var part = query[range];
            var equals = part.IndexOf('=');
            var value = equals < 0 ? [] : part[(equals + 1)..];
            switch (equals < 0 ? part : part[..equals])
            {
                case "verbose":
                    parsed.Verbose = true;
                    break;
                case "serializable":
                    parsed.Serializable = value.Equals("true", StringComparison.OrdinalIgnoreCase);
                    break;
                case "exclude":
                    parsed._excluded.Add(value.ToString());
                    break;
            }
        }

        return parsed;
    }

    /// <summary>Whether the caller does not want this check.</summary>
    public bool Excludes(string check) => _excluded.Contains(check);
}
