using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Quorate.Server.Http;

/// <summary>
/// The fields of a small JSON object in a body. The first thing that is wrong is kept for the caller; a field that
/// nobody asks for is wrong too, since it might be a misspelt one.
/// </summary>
internal sealed class JsonFields
{
    private const int BodyBytesMax = 64 * 1024;
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly List<string> _asked = [];
    private string? _fault;

    private JsonFields(string? fault) => _fault = fault;

    /// <summary>Whether there is no field at all, as in an empty body.</summary>
    public bool IsEmpty => _fields.Count == 0 && _fault is null;

    /// <summary>What is wrong, a sentence; null when nothing is. To be asked when all fields were.</summary>
    public string? Fault => _fault
        ?? (_fields.Keys.FirstOrDefault(name => !_asked.Contains(name)) is { } unknown
            ? $"unknown field \"{unknown}\"; known are {string.Join(", ", _asked)}"
            : null);

    /// <summary>Reads the body; an empty one is an object without fields.</summary>
    public static async ValueTask<JsonFields> ReadAsync(HttpContext http)
    {
        using var body = await RequestBody.RequireAsync(http.Request, BodyBytesMax, http.RequestAborted);
        return Parse(body.Bytes);
    }

    /// <summary>Reads a body that is at hand.</summary>
    public static JsonFields Parse(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return new JsonFields(fault: null);
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            return Of(document.RootElement);
        }
        catch (JsonException fault)
        {
            return new JsonFields($"the body is not JSON: line {fault.LineNumber + 1} cannot be read");
        }
    }

    /// <summary>A text, or null where there is none.</summary>
    public string? Text(string name) => Find(name, JsonValueKind.String, "a text")?.GetString();

    /// <summary>A text that must be there and say something.</summary>
    public string Required(string name)
    {
        var text = Text(name);
        if (string.IsNullOrEmpty(text))
        {
            _fault ??= $"the field \"{name}\" is missing";
        }

        return text ?? "";
    }

    /// <summary>A list of texts, or null where there is none.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (Find(name, JsonValueKind.Array, "a list of texts") is not { } list)
        {
            return null;
        }

        if (list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            _fault ??= $"the field \"{name}\" must be a list of texts";
            return null;
        }

        return [.. list.EnumerateArray().Select(item => item.GetString()!)];
    }

    /// <summary>True or false; false where there is none.</summary>
    public bool Flag(string name)
    {
        _asked.Add(name);
        if (!_fields.TryGetValue(name, out var value))
        {
            return false;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            _fault ??= $"the field \"{name}\" must be true or false";
        }

        return value.ValueKind == JsonValueKind.True;
    }

    private static JsonFields Of(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return new JsonFields("the body must be a JSON object");
        }

        var read = new JsonFields(fault: null);
        foreach (var field in root.EnumerateObject())
        {
            if (!read._fields.TryAdd(field.Name, field.Value.Clone()))
            {
                read._fault ??= $"the field \"{field.Name}\" is given twice";
            }
        }

        return read;
    }

    private JsonElement? Find(string name, JsonValueKind kind, string what)
    {
        _asked.Add(name);
        if (!_fields.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == kind)
        {
            return value;
        }

        _fault ??= $"the field \"{name}\" must be {what}";
        return null;
    }
}
