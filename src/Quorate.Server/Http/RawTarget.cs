using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Quorate.Server.Http;

/// <summary>The request target as the client sent it.</summary>
internal static class RawTarget
{
    /// <summary>The target; empty where the host has none.</summary>
    public static string Of(HttpContext http) => http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";

    /// <summary>Path and query of the target, unchanged.</summary>
    public static string PathAndQuery(HttpContext http) =>
        !RequestTarget.TryParse(Of(http), out var target) ? "/"
        : target.Query.IsEmpty ? target.Path.ToString()
        : $"{target.Path}?{target.Query}";
}
