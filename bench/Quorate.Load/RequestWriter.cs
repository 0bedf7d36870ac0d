using System.Buffers.Text;
using System.Text;

namespace Quorate.Load;

/// <summary>Writes requests one behind the other into a buffer that is sent as a whole.</summary>
internal sealed class RequestWriter
{
    private readonly byte[] _putHead = "PUT /key/k"u8.ToArray();
    private readonly byte[] _putTail;
    private readonly byte[] _getHead = "GET /key/k"u8.ToArray();
    private readonly byte[] _getTail;
    private byte[] _buffer;
    private int _length;

    public RequestWriter(string endpoint, LoadOptions options, ref Chance chance)
    {
        var host = Endpoint.Bare(endpoint);
        var value = new char[options.ValueBytes];
        for (var at = 0; at < value.Length; at++)
        {
            value[at] = (char)('a' + chance.Below(26));
        }

        _putTail = Encoding.ASCII.GetBytes(
            $" HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/octet-stream\r\n"
            + $"Content-Length: {value.Length}\r\n\r\n{new string(value)}");
        var level = options.Level == "default" ? "" : $"?level={options.Level}";
        _getTail = Encoding.ASCII.GetBytes(
            $"{level} HTTP/1.1\r\nHost: {host}\r\nAccept: application/octet-stream\r\n\r\n");
        _buffer = new byte[Math.Max(_putTail.Length, _getTail.Length) + 64];
    }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public void Clear() => _length = 0;

    public void Write(Operation operation)
    {
        var (head, tail) = operation.Kind == OperationKind.Put ? (_putHead, _putTail) : (_getHead, _getTail);
        var needed = _length + head.Length + 11 + tail.Length;
        if (needed > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(needed, 2 * _buffer.Length));
        }

        Append(head);
        Utf8Formatter.TryFormat(operation.Key, _buffer.AsSpan(_length), out var digits);
        _length += digits;
        Append(tail);
    }

    private void Append(byte[] bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }
}
