using System.Buffers.Text;
using System.Text;

namespace Quorate.Server.Http;

/// <summary>The query parameters of <c>/key</c> and <c>/compact</c>, checked.</summary>
/// <remarks>
/// A parameter that is unknown or stands twice is refused, not skipped: a misspelt <c>redirect</c> or one that
/// a newer server would know (and a retry might rely on) must not quietly do something else.
/// </remarks>
internal sealed class KeyQuery
{
    /// <summary>Nothing said.</summary>
    public static readonly KeyQuery Empty = new();

    /// <summary>How fresh a read must be.</summary>
    public ReadLevel Level { get; private set; }

    /// <summary>Values travel as base64.</summary>
    public bool Base64 { get; private set; }

    /// <summary>The answer tells more than its status.</summary>
    public bool Verbose { get; private set; }

    /// <summary>A follower answers with a redirect to its leader.</summary>
    public bool Redirect { get; private set; }

    /// <summary>How long to wait for a leader before the request starts; zero for not at all.</summary>
    public TimeSpan Wait { get; private set; }

    /// <summary>When the caller wants an answer at the latest; null for the server's default.</summary>
    public TimeSpan? Timeout { get; private set; }

    /// <summary>The key, when it was given as <c>?key=</c>.</summary>
    public byte[]? Key { get; private set; }

    /// <summary>Reads a query.</summary>
    /// <param name="query">The query without its question mark.</param>
    /// <param name="timeoutMax">The longest wait and timeout that are allowed.</param>
    /// <param name="parsed">What it says; only to be used when the result is null.</param>
    /// <returns>Null, or a sentence that names the fault.</returns>
    public static string? Parse(ReadOnlySpan<char> query, TimeSpan timeoutMax, out KeyQuery parsed)
    {
        parsed = Empty;
        return query.IsEmpty ? null : Read(query, timeoutMax, parsed = new KeyQuery());
    }

    private static string? Read(ReadOnlySpan<char> query, TimeSpan timeoutMax, KeyQuery parsed)
    {
        var seen = Names.None;
        foreach (var range in query.Split('&'))
        {
            var part = query[range];
            if (part.IsEmpty)
            {
                continue;
            }

            var equals = part.IndexOf('=');
            var name = equals < 0 ? part : part[..equals];
            var fault = PercentDecoder.Decode(equals < 0 ? [] : part[(equals + 1)..], out var bytes, out _);
            if (fault != PercentFault.None)
            {
                return $"the query parameter '{name}' is not percent-encoded ASCII";
            }

            var known = NameOf(name);
            if (known == Names.None || (seen & known) != 0)
            {
                return known == Names.None ? $"unknown query parameter '{name}'" : $"'{name}' is given twice";
            }

            seen |= known;
            var value = Encoding.UTF8.GetString(bytes).Trim();
            if (parsed.Set(known, value, timeoutMax) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    private static Names NameOf(ReadOnlySpan<char> name) => name switch
    {
        "level" => Names.Level,
        "encoding" => Names.Encoding,
        "verbose" => Names.Verbose,
        "redirect" => Names.Redirect,
        "wait" => Names.Wait,
        "timeout" => Names.Timeout,
        "key" => Names.Key,
        _ => Names.None,
    };

    private string? Set(Names name, string value, TimeSpan timeoutMax)
    {
        string? wrong;
        switch (name)
        {
            case Names.Level:
                return SetLevel(value);
            case Names.Encoding:
                return SetEncoding(value);
            case Names.Verbose:
                wrong = ParseFlag(value, "verbose", out var verbose);
                Verbose = verbose;
                return wrong;
            case Names.Redirect:
                wrong = ParseFlag(value, "redirect", out var redirect);
                Redirect = redirect;
                return wrong;
            case Names.Wait:
                wrong = ParseTime(value, "wait", timeoutMax, out var wait);
                Wait = wait;
                return wrong;
            case Names.Timeout:
                return SetTimeout(value, timeoutMax);
            default:
                return SetKey(value);
        }
    }

    private string? SetLevel(string value)
    {
        var level = value.ToLowerInvariant() switch
        {
            "default" => ReadLevel.Default,
            "consistent" => ReadLevel.Consistent,
            "stale" => ReadLevel.Stale,
            _ => (ReadLevel?)null,
        };
        Level = level ?? Level;
        return level is null ? $"level must be stale, default or consistent, not '{value}'" : null;
    }

    private string? SetEncoding(string value)
    {
        Base64 = value.Equals("base64", StringComparison.OrdinalIgnoreCase);
        return Base64 ? null : $"encoding must be base64, not '{value}'";
    }

    private string? SetTimeout(string value, TimeSpan timeoutMax)
    {
        if (ParseTime(value, "timeout", timeoutMax, out var time) is { } wrong)
        {
            return wrong;
        }

        Timeout = time;
        return time > TimeSpan.Zero ? null : "timeout must be more than zero";
    }

    private string? SetKey(string value)
    {
        if (!Base64Url.IsValid(value))
        {
            return "key must be base64url (letters, digits, '-' and '_')";
        }

        Key = Base64Url.DecodeFromChars(value);
        return null;
    }

    private static string? ParseFlag(string value, string name, out bool flag)
    {
        flag = value.Length == 0 || value.Equals("true", StringComparison.OrdinalIgnoreCase);
        return flag || value.Equals("false", StringComparison.OrdinalIgnoreCase)
            ? null
            : $"{name} must be true or false, not '{value}'";
    }

    private static string? ParseTime(string value, string name, TimeSpan timeoutMax, out TimeSpan time)
    {
        if (!DurationText.TryParse(value, out time))
        {
            return $"{name} must be a duration such as 500ms, 5s or 1m, not '{value}'";
        }

        return time <= timeoutMax ? null : $"{name} must be at most {timeoutMax.TotalSeconds:0}s";
    }

    [Flags]
    private enum Names
    {
        None = 0,
        Level = 1,
        Encoding = 2,
        Verbose = 4,
        Redirect = 8,
        Wait = 16,
        Timeout = 32,
        Key = 64,
    }
}
