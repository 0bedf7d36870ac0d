using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Quorate.Server.Http;

/// <summary>A whole request body in one piece. Disposing it gives its memory back.</summary>
/// <remarks>A body that came in one read, as most do, is looked at where the socket left it.</remarks>
internal sealed class RequestBody : IDisposable
{
    private readonly PipeReader _reader;
    private readonly SequencePosition _end;
    private readonly byte[]? _rented;

    private RequestBody(PipeReader reader, ReadOnlySequence<byte> bytes)
    {
        _reader = reader;
        _end = bytes.End;
        if (bytes.IsSingleSegment)
        {
            Bytes = bytes.First;
            return;
        }

        var length = (int)bytes.Length;
        _rented = ArrayPool<byte>.Shared.Rent(length);
        bytes.CopyTo(_rented);
        Bytes = _rented.AsMemory(0, length);
    }

    /// <summary>The bytes; to be used until the body is disposed.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads the body, at most <paramref name="bytesMax"/> bytes of it.</summary>
    /// <returns>Null when it is larger; no more of it than that was held.</returns>
    public static async ValueTask<RequestBody?> ReadAsync(
        HttpRequest request, int bytesMax, CancellationToken cancellationToken)
    {
        if (request.ContentLength > bytesMax)
        {
            return null;
        }

        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.Buffer.Length > bytesMax)
            {
                // The rest is drained, and thrown away, by the server.
                reader.AdvanceTo(result.Buffer.End);
                return null;
            }

            if (result.IsCompleted)
            {
                return new RequestBody(reader, result.Buffer);
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>The same; a larger one ends the request with 413.</summary>
    /// <exception cref="BadHttpRequestException">It is larger.</exception>
    public static async ValueTask<RequestBody> RequireAsync(
        HttpRequest request, int bytesMax, CancellationToken cancellationToken) =>
        await ReadAsync(request, bytesMax, cancellationToken)
        ?? throw new BadHttpRequestException(
            $"the body has more than {bytesMax} bytes", StatusCodes.Status413PayloadTooLarge);

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.AdvanceTo(_end);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
