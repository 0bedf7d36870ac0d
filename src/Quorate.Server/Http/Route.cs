namespace Quorate.Server.Http;

/// <summary>Every resource of the HTTP API.</summary>
internal enum Route
{
    /// <summary>No such path.</summary>
    None,

    /// <summary><c>/key</c>: many keys at once, or one named by <c>?key=</c>.</summary>
    Keys,

    /// <summary><c>/key/...</c>: one key; everything behind the second slash is the key.</summary>
    Key,

    /// <summary><c>/compact</c>.</summary>
    Compact,

    /// <summary><c>/status</c>.</summary>
    Status,

    /// <summary><c>/health</c>.</summary>
    Health,

    /// <summary><c>/readyz</c> and <c>/readyz/...</c>.</summary>
    Readyz,

    /// <summary><c>/livez</c> and <c>/livez/...</c>.</summary>
    Livez,

    /// <summary><c>/version</c>.</summary>
    Version,
}

/// <summary>Exact routes over the raw path. A prefix is no match: <c>/keys/foo</c> is nobody's.</summary>
internal static class Routes
{
    /// <summary>Finds the resource and the rest of the path that belongs to it.</summary>
    public static Route Match(ReadOnlySpan<char> path, out ReadOnlySpan<char> rest)
    {
        rest = [];
        if (path.StartsWith("/key/", StringComparison.Ordinal))
        {
            rest = path["/key/".Length..];
            return Route.Key;
        }

        return path switch
        {
            "/key" => Route.Keys,
            "/compact" => Route.Compact,
            "/status" => Route.Status,
            "/health" => Route.Health,
            "/version" => Route.Version,
            _ => MatchProbe(path, out rest),
        };
    }

    /// <summary>The methods a resource takes, as the <c>Allow</c> header lists them.</summary>
    public static string Allowed(Route route) => route switch
    {
        Route.Keys => "GET, POST, PUT, DELETE",
        Route.Key => "GET, PUT, DELETE",
        Route.Compact => "POST",
        _ => "GET",
    };

    private static Route MatchProbe(ReadOnlySpan<char> path, out ReadOnlySpan<char> rest)
    {
        var slash = path.Length > 1 ? path[1..].IndexOf('/') : -1;
        var head = slash < 0 ? path : path[..(slash + 1)];
        var route = head switch
        {
            "/readyz" => Route.Readyz,
            "/livez" => Route.Livez,
            _ => Route.None,
        };
        rest = slash < 0 || route == Route.None ? [] : path[(slash + 2)..];
        return route;
    }
}
