using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Quorate.Server.Http;

/// <summary>Reads the body of <c>POST /key</c>: one JSON object whose values are strings.</summary>
/// <remarks>
/// What needs no unescaping is a slice of the body, so the body must outlive the pairs. Every fault is a sentence
/// that names it and its place; bytes and lines are counted from 1.
/// </remarks>
internal ref struct KeyPairReader
{
    private readonly ReadOnlyMemory<byte> _body;
    private readonly bool _base64;
    private readonly List<KeyPair> _pairs;
    private Utf8JsonReader _reader;

    private KeyPairReader(ReadOnlyMemory<byte> body, bool base64, List<KeyPair> pairs)
    {
        _body = body;
        _base64 = base64;
        _pairs = pairs;
        _reader = new Utf8JsonReader(body.Span);
    }

    /// <summary>Appends the pairs of <paramref name="body"/> to <paramref name="pairs"/>.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="base64">Whether values are base64.</param>
    /// <param name="pairs">Where the pairs go; of no use when there is a fault.</param>
    /// <returns>Null, or a sentence that names the fault and where it is.</returns>
    public static string? Read(ReadOnlyMemory<byte> body, bool base64, List<KeyPair> pairs)
    {
        if (body.IsEmpty)
        {
            return "the body is empty; it must be a JSON object such as {\"key\":\"value\"}";
        }

        var reader = new KeyPairReader(body, base64, pairs);
        try
        {
            return reader.ReadObject() ?? DoubledKey(pairs);
        }
        catch (JsonException exception)
        {
            return NotJson(exception);
        }
    }

    private string? ReadObject()
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            return $"the body must be a JSON object such as {{\"key\":\"value\"}}, not {Kind(_reader.TokenType)}";
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (ReadPair() is { } fault)
            {
                return fault;
            }
        }

        // Reads to the end, so that anything behind the object is a fault.
        _reader.Read();
        return _pairs.Count == 0 ? "the body names no key" : null;
    }

    private string? ReadPair()
    {
        var keyAt = _reader.TokenStartIndex + 1;
        if (!TryText(out var key))
        {
            return $"the key at byte {keyAt} is not valid UTF-8; give such keys as ?key=<base64url>";
        }

        if (key.IsEmpty)
        {
            return $"the key at byte {keyAt} is empty";
        }

        _reader.Read();
        var valueAt = _reader.TokenStartIndex + 1;
        if (_reader.TokenType != JsonTokenType.String)
        {
            return $"the value of \"{Shown(key.Span)}\" at byte {valueAt} must be a string, "
                + $"not {Kind(_reader.TokenType)}";
        }

        if (!TryText(out var value))
        {
            return $"the value of \"{Shown(key.Span)}\" at byte {valueAt} is not valid UTF-8; "
                + "send bytes with ?encoding=base64";
        }

        if (_base64 && !TryBase64(value.Span, out value))
        {
            return $"the value of \"{Shown(key.Span)}\" at byte {valueAt} is not base64";
        }

        _pairs.Add(new KeyPair(key, value));
        return null;
    }

    private bool TryText(out ReadOnlyMemory<byte> text)
    {
        var raw = _reader.ValueSpan;
        text = _body.Slice((int)_reader.TokenStartIndex + 1, raw.Length);
        if (!Utf8.IsValid(raw))
        {
            return false;
        }

        if (!_reader.ValueIsEscaped)
        {
            return true;
        }

        try
        {
            var unescaped = new byte[raw.Length];
            text = unescaped.AsMemory(0, _reader.CopyString(unescaped));
            return true;
        }
        catch (InvalidOperationException)
        {
            // An escape names half of a surrogate pair.
            return false;
        }
    }

    /// <summary>Decodes base64, the alphabet and padding of RFC 4648, section 4.</summary>
    public static bool TryBase64(ReadOnlySpan<byte> text, out ReadOnlyMemory<byte> bytes)
    {
        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        var done = Base64.DecodeFromUtf8(text, decoded, out _, out var length) == OperationStatus.Done;
        bytes = decoded.AsMemory(0, length);
        return done;
    }

    private static string? DoubledKey(List<KeyPair> pairs)
    {
        if (pairs.Count < 2)
        {
            return null;
        }

        var keys = pairs.Select(pair => pair.Key).ToArray();
        Array.Sort(keys, (left, right) => left.Span.SequenceCompareTo(right.Span));
        for (var i = 1; i < keys.Length; i++)
        {
            if (keys[i].Span.SequenceEqual(keys[i - 1].Span))
            {
                return $"the key \"{Shown(keys[i].Span)}\" stands twice in the body";
            }
        }

        return null;
    }

    private static string NotJson(JsonException exception)
    {
        var sentence = exception.Message;
        var end = sentence.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var what = (end < 0 ? sentence : sentence[..end]).TrimEnd('.', ' ');
        var line = exception.LineNumber + 1;
        return $"the body is not valid JSON: {what} (line {line}, byte {exception.BytePositionInLine + 1})";
    }

    private static string Kind(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };

    private static string Shown(ReadOnlySpan<byte> key) => KeyText.Shown(key);
}
