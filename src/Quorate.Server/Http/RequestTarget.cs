namespace Quorate.Server.Http;

/// <summary>Path and query of a request line as they came over the wire: nothing decoded, no dots taken out.</summary>
/// <remarks>
/// The decoded path of ASP.NET is no use for keys: it keeps <c>%2F</c> but decodes all else, and it folds
/// <c>/a/../b</c>, so different keys would meet in one.
/// </remarks>
internal readonly ref struct RequestTarget
{
    private RequestTarget(ReadOnlySpan<char> path, ReadOnlySpan<char> query)
    {
        Path = path;
        Query = query;
    }

    /// <summary>The path, percent-encoded; starts with a slash.</summary>
    public ReadOnlySpan<char> Path { get; }

    /// <summary>The query without its question mark; may be empty.</summary>
    public ReadOnlySpan<char> Query { get; }

    /// <summary>Takes a request target apart (RFC 9112, 3.2: origin form and absolute form).</summary>
    /// <returns>False for the forms that name no resource: <c>*</c> and <c>host:port</c>.</returns>
    public static bool TryParse(ReadOnlySpan<char> target, out RequestTarget parsed)
    {
        parsed = default;
        var rest = target;
        if (rest.IsEmpty || rest[0] != '/')
        {
            var scheme = rest.IndexOf("://", StringComparison.Ordinal);
            if (scheme <= 0)
            {
                return false;
            }

            rest = rest[(scheme + 3)..];
            var end = rest.IndexOfAny('/', '?');
            rest = end < 0 ? [] : rest[end..];
        }

        var question = rest.IndexOf('?');
        var path = question < 0 ? rest : rest[..question];
        var query = question < 0 ? [] : rest[(question + 1)..];
        parsed = new RequestTarget(path.IsEmpty ? "/" : path, query);
        return true;
    }
}
