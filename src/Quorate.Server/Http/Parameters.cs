using Microsoft.AspNetCore.Http;

namespace Quorate.Server.Http;

/// <summary>Named values of a query, and of a form: each of a list that is known, each at most once.</summary>
internal sealed class Parameters
{
    private const string FormType = "application/x-www-form-urlencoded";
    private const int FormBytesMax = 2 * 1024 * 1024;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly string[] _known;

    private Parameters(string[] known) => _known = known;

    /// <summary>What is wrong with them, a sentence; null when nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Reads a query.</summary>
    public static Parameters Of(string query, params string[] known)
    {
        var parsed = new Parameters(known);
        parsed.Add(query);
        return parsed;
    }

    /// <summary>Reads a query, and the body where it is a form.</summary>
    public static async ValueTask<Parameters> OfAsync(HttpContext http, string query, params string[] known)
    {
        var parsed = Of(query, known);
        if (http.Request.ContentType?.StartsWith(FormType, StringComparison.OrdinalIgnoreCase) == true)
        {
            using var body = await RequestBody.RequireAsync(http.Request, FormBytesMax, http.RequestAborted);
            parsed.Add(System.Text.Encoding.UTF8.GetString(body.Bytes.Span));
        }

        return parsed;
    }

    /// <summary>One of them, or null.</summary>
    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <summary>A flag: there, or there and true.</summary>
    public bool Flag(string name)
    {
        var text = Text(name);
        if (text is null or "false")
        {
            return false;
        }

        if (text is not ("" or "true"))
        {
            Fault ??= $"{name} must be true or false, not '{text}'";
        }

        return true;
    }

    /// <summary>A duration, or null.</summary>
    public TimeSpan? Time(string name, TimeSpan longest)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (!DurationText.TryParse(text, out var time) || time <= TimeSpan.Zero)
        {
            Fault ??= $"{name} must be a duration such as 500ms, 5s or 1m, not '{text}'";
        }
        else if (time > longest)
        {
            Fault ??= $"{name} must be at most {longest.TotalSeconds:0}s";
        }

        return time;
    }

    private void Add(string text)
    {
        foreach (var part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = Decode(equals < 0 ? part : part[..equals]);
            if (!_known.Contains(name, StringComparer.Ordinal))
            {
                Fault ??= $"unknown parameter '{name}'; known are {string.Join(", ", _known)}";
            }
            else if (!_values.TryAdd(name, equals < 0 ? "" : Decode(part[(equals + 1)..])))
            {
                Fault ??= $"'{name}' is given twice";
            }
        }
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
