using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Quorate.Load;

/// <summary>
/// Reads one HTTP/1.1 response from the front of what was received: its status and its body, by length or in chunks.
/// It says whether a whole one is there and allocates nothing.
/// </summary>
internal static class HttpResponse
{
    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>
    /// False if more bytes are needed. A chunked body is given as it stands, with the sizes of its chunks between.
    /// </summary>
    public static bool TryRead(
        ReadOnlySpan<byte> source, out int status, out ReadOnlySpan<byte> body, out int consumed)
    {
        status = 0;
        body = default;
        consumed = 0;
        var headEnd = source.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0)
        {
            return false;
        }

        var head = source[..headEnd];
        status = ReadStatus(head);
        var rest = source[(headEnd + 4)..];
        var length = BodyLength(head, rest, status);
        if (length < 0 || rest.Length < length)
        {
            return false;
        }

        body = rest[..length];
        consumed = headEnd + 4 + length;
        return true;
    }

    // "HTTP/1.1 200 OK": the three digits behind the first space.
    private static int ReadStatus(ReadOnlySpan<byte> head)
    {
        if (head.Length < 12 || !head.StartsWith("HTTP/1."u8)
            || !Utf8Parser.TryParse(head.Slice(9, 3), out int status, out _))
        {
            throw new InvalidDataException("the answer is not HTTP/1.1");
        }

        return status;
    }

    // -1: not known yet.
    private static int BodyLength(ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest, int status)
    {
        if (status is 204 or 304 or < 200)
        {
            return 0;
        }

        if (TryFindHeader(head, "content-length"u8, out var value))
        {
            return Utf8Parser.TryParse(value, out int length, out _) && length >= 0
                ? length
                : throw new InvalidDataException("the answer has a bad Content-Length");
        }

        return TryFindHeader(head, "transfer-encoding"u8, out value) && Ascii.EqualsIgnoreCase(value, "chunked"u8)
            ? ChunkedLength(rest)
            : 0;
    }

    private static int ChunkedLength(ReadOnlySpan<byte> rest)
    {
        var at = 0;
        while (true)
        {
            var line = rest[at..].IndexOf(LineEnd);
            if (line < 0)
            {
                return -1;
            }

            var digits = rest.Slice(at, line);
            if (!int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size))
            {
                throw new InvalidDataException("the answer has a bad chunk");
            }

            at += line + 2 + size + 2;
            if (at > rest.Length)
            {
                return -1;
            }

            if (size == 0)
            {
                return at;
            }
        }
    }

    private static bool TryFindHeader(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var rest = head;
        while (true)
        {
            var end = rest.IndexOf(LineEnd);
            var line = end < 0 ? rest : rest[..end];
            if (line.Length > name.Length && line[name.Length] == ':'
                && Ascii.EqualsIgnoreCase(line[..name.Length], name))
            {
                value = line[(name.Length + 1)..].Trim(" \t"u8);
                return true;
            }

            if (end < 0)
            {
                value = default;
                return false;
            }

            rest = rest[(end + 2)..];
        }
    }
}
