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

    /// <summary><c>/members</c>, <c>/members/NAME</c> and <c>/members/NAME/VERB</c>.</summary>
    Members,

    /// <summary><c>/leader</c>.</summary>
    Leader,

    /// <summary><c>/leader/step-down</c>.</summary>
    StepDown,

    /// <summary><c>/election</c>.</summary>
    Election,

    /// <summary><c>/join</c>, as raftdb, hraftd and balsa have it.</summary>
    Join,

    /// <summary><c>/set</c>, as balsa has it.</summary>
    Set,

    /// <summary><c>/get</c>, as balsa has it.</summary>
    Get,

    /// <summary><c>/remove</c>, as balsa has it: removes a key.</summary>
    Remove,

    /// <summary><c>/setup</c>, as EASC has it.</summary>
    Setup,

    /// <summary><c>/shutdown</c>, as EASC has it: ends every member.</summary>
    Shutdown,

    /// <summary><c>/kill</c>, as EASC has it: ends this node, in order.</summary>
    Kill,

    /// <summary><c>/init</c>, as EASC has it: this node waits to be taken into a cluster.</summary>
    Init,

    /// <summary><c>/info</c>, as EASC has it: where the leader's Raft listener is.</summary>
    Info,
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

        if (path.StartsWith("/members/", StringComparison.Ordinal))
        {
            rest = path["/members/".Length..];
            return Route.Members;
        }

        return path switch
        {
            "/members" => Route.Members,
            "/leader" => Route.Leader,
            "/leader/step-down" => Route.StepDown,
            "/election" => Route.Election,
            "/join" => Route.Join,
            "/set" => Route.Set,
            "/get" => Route.Get,
            "/remove" => Route.Remove,
            "/setup" => Route.Setup,
            "/shutdown" => Route.Shutdown,
            "/kill" => Route.Kill,
            "/init" => Route.Init,
            "/info" => Route.Info,
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
        Route.Members => "GET, POST, PUT, DELETE",
        Route.Leader or Route.Join or Route.Set or Route.Get or Route.Remove or Route.Info => "GET, POST",
        Route.Compact or Route.StepDown or Route.Election => "POST",
        Route.Setup or Route.Shutdown or Route.Kill or Route.Init => "POST",
        _ => "GET",
    };

    /// <summary>Whether a resource takes a method.</summary>
    public static bool Allows(Route route, ReadOnlySpan<char> method)
    {
        var allowed = Allowed(route).AsSpan();
        foreach (var one in allowed.Split(", "))
        {
            if (allowed[one].Equals(method, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

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
