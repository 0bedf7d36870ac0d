using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

namespace Quorate.Server.Http;

/// <summary>
/// Gives a body to the refusals that Kestrel writes by itself, for requests that never become a request: a target
/// with <c>%00</c>, a line too long, a header too large. They would come without a word.
/// </summary>
/// <remarks>
/// While the API answers (<see cref="IsOurs"/>) everything passes untouched, values that look like HTTP included.
/// Otherwise the first thing written is Kestrel's refusal, in one piece, and the connection ends behind it.
/// </remarks>
internal sealed class RejectionWriter(PipeWriter inner) : PipeWriter
{
    // Room for the whole head of a refusal, so that it is never written in two pieces.
    private const int HeadBytesMax = 512;
    private const int StatusAt = 9;
    private Memory<byte> _memory;
    private bool _refused;

    /// <summary>Whether what is written is an answer of the API.</summary>
    public bool IsOurs { get; set; }

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    /// <inheritdoc/>
    public override long UnflushedBytes => inner.UnflushedBytes;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (IsOurs)
        {
            return inner.GetMemory(sizeHint);
        }

        _memory = inner.GetMemory(Math.Max(sizeHint, HeadBytesMax));
        return _memory;
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) =>
        IsOurs ? inner.GetSpan(sizeHint) : GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        if (IsOurs)
        {
            inner.Advance(bytes);
        }
        else if (!_refused && TryStatus(_memory.Span[..bytes], out var status))
        {
            _refused = true;
            Refuse(status, ReasonOf(_memory.Span[..bytes]));
        }
        else if (!_refused)
        {
            inner.Advance(bytes);
        }
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    private static bool TryStatus(ReadOnlySpan<byte> head, out int status)
    {
        status = 0;
        return head.Length > StatusAt + 3
            && head.StartsWith("HTTP/1.1 "u8)
            && int.TryParse(head.Slice(StatusAt, 3), NumberStyles.None, CultureInfo.InvariantCulture, out status)
            && status >= 400;
    }

    private static string ReasonOf(ReadOnlySpan<byte> head)
    {
        var line = head[StatusAt..];
        var end = line.IndexOf((byte)'\r');
        return Encoding.ASCII.GetString(end < 0 ? line : line[..end]);
    }

    private void Refuse(int status, string reason)
    {
        var body = BodyOf(status);
        var head = $"HTTP/1.1 {reason}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\nConnection: close\r\n\r\n";
        var length = Encoding.ASCII.GetByteCount(head) + body.Length;
        var target = inner.GetSpan(length);
        var written = Encoding.ASCII.GetBytes(head, target);
        body.CopyTo(target[written..]);
        inner.Advance(length);
    }

    private static byte[] BodyOf(int status)
    {
        var (code, message) = status switch
        {
            413 or 414 => (ErrorCode.TooLarge, "the request line is too long; name long keys in the body of POST /key"),
            431 => (ErrorCode.TooLarge, "the headers are too large"),
            408 => (ErrorCode.InvalidArgument, "the headers of the request came too slowly"),
            505 => (ErrorCode.InvalidArgument, "this is no HTTP/1.1"),
            _ => (ErrorCode.InvalidArgument,
                "this is no valid HTTP request, or its path holds what a path cannot: a space, a letter beyond ASCII, "
                + "or %00; any key can be named by /key?key=<base64url>"),
        };
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, AnswerBuffer.Options))
        {
            json.WriteStartObject();
            json.WriteString("code", ErrorKind.Of(code).Name);
            json.WriteString("message", message);
            json.WriteNull("leader");
            json.WriteBoolean("retryable", false);
            json.WriteString("outcome", ErrorKind.Of(code).Outcome);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}

/// <summary>A connection whose writes go through a <see cref="RejectionWriter"/>.</summary>
internal sealed class RejectingTransport(PipeReader input, PipeWriter output) : IDuplexPipe
{
    /// <inheritdoc/>
    public PipeReader Input => input;

    /// <inheritdoc/>
    public PipeWriter Output => output;
}
