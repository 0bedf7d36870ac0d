using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Quorate.Server.Http;

/// <summary>Buffers in which JSON answers are made before they are sent, so that each carries its length.</summary>
internal sealed class AnswerBuffers
{
    private const int KeptMax = 256;
    private const int KeptBytesMax = 64 * 1024;
    private readonly ConcurrentQueue<AnswerBuffer> _free = new();

    /// <summary>An empty buffer.</summary>
    public AnswerBuffer Rent() => _free.TryDequeue(out var buffer) ? buffer : new AnswerBuffer();

    /// <summary>Takes a buffer back; the large and the surplus ones are let go.</summary>
    public void Return(AnswerBuffer buffer)
    {
        if (buffer.Capacity <= KeptBytesMax && _free.Count < KeptMax)
        {
            buffer.Reset();
            _free.Enqueue(buffer);
        }
    }
}

/// <summary>One JSON answer in the making.</summary>
internal sealed class AnswerBuffer
{
    // The answer is never put into a page, so quotes of other kinds and letters beyond ASCII stay readable.
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly ArrayBufferWriter<byte> _bytes = new(512);

    /// <summary>Makes an empty one.</summary>
    public AnswerBuffer() => Json = new Utf8JsonWriter(_bytes, Options);

    /// <summary>Writes into this buffer.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>How much memory it holds.</summary>
    public int Capacity => _bytes.Capacity;

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        Json.Flush();
        return _bytes.WrittenMemory;
    }

    /// <summary>Empties it.</summary>
    public void Reset()
    {
        _bytes.ResetWrittenCount();
        Json.Reset();
    }
}
