namespace Quorate.Cli.Client;

/// <summary>Where a node answers clients: <c>host:port</c>, with or without <c>http://</c> before it.</summary>
internal sealed record Endpoint(string Host, int Port)
{
    private const int DefaultPort = 2379;

    public Uri Uri => new($"http://{this}/");

    /// <summary>Reads a list separated by commas; says what is wrong with it otherwise.</summary>
    public static bool TryParseList(string text, out IReadOnlyList<Endpoint> endpoints, out string? fault)
    {
        var found = new List<Endpoint>();
        endpoints = found;
        fault = null;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TryParse(part, out var endpoint, out fault))
            {
                return false;
            }

            found.Add(endpoint!);
        }

        fault = found.Count == 0 ? "names no endpoint" : null;
        return found.Count > 0;
    }

    public override string ToString() => $"{Host}:{Port}";

    private static bool TryParse(string text, out Endpoint? endpoint, out string? fault)
    {
        endpoint = null;
        if (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            fault = $"'{text}' asks for TLS, which this version does not speak";
            return false;
        }

        var whole = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        if (!Uri.TryCreate(whole, UriKind.Absolute, out var uri) || uri.Scheme != "http" || uri.Host.Length == 0
            || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
        {
            fault = $"'{text}' is not HOST:PORT";
            return false;
        }

        // A URI without a port means 80, which is nobody's default here.
        var namesPort = uri.OriginalString.TrimEnd('/').EndsWith($":{uri.Port}", StringComparison.Ordinal);
        endpoint = new Endpoint(uri.Host, namesPort ? uri.Port : DefaultPort);
        fault = null;
        return true;
    }
}
