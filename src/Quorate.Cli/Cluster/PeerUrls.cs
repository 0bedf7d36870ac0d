using System.CommandLine;

namespace Quorate.Cli.Cluster;

/// <summary>Where Raft listeners are, as people type it.</summary>
internal static class PeerUrls
{
    /// <summary>The port of Permazen's how-to.</summary>
    private const int UsualPort = 9660;

    /// <summary>The option of all commands that say where a member is reached.</summary>
    public static Option<string> Option()
    {
        var option = new Option<string>("--peer-urls")
        {
            Description = "Where the other members reach it, separated by commas.",
            HelpName = "URL,...",
            Required = true,
        };
        option.Validators.Add(result =>
        {
            if (Split(result.GetValueOrDefault<string>() ?? "").Count == 0)
            {
                result.AddError("--peer-urls names no URL such as http://10.0.0.1:2380");
            }
        });
        return option;
    }

    /// <summary>As URLs; a bare <c>host:port</c> is one without its scheme.</summary>
    public static IReadOnlyList<string> Split(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ToUrl)];

    /// <summary>From an address; one without a port means 9660.</summary>
    public static string OfAddress(string address)
    {
        var text = address.Trim();
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return ToUrl(text);
        }

        // An IPv6 address is the one with colons of its own.
        var isBare6 = text.Count(c => c == ':') > 1 && !text.StartsWith('[');
        var host = isBare6 ? $"[{text}]" : text;
        var hasPort = host.LastIndexOf(':') > host.LastIndexOf(']');
        return ToUrl(hasPort ? host : $"{host}:{UsualPort}");
    }

    /// <summary>As people read it: without the scheme.</summary>
    public static string ToAddress(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        return (scheme < 0 ? url : url[(scheme + 3)..]).TrimEnd('/');
    }

    private static string ToUrl(string text)
    {
        var trimmed = text.TrimEnd('/');
        return trimmed.Contains("://", StringComparison.Ordinal) ? trimmed : $"http://{trimmed}";
    }
}
