using System.Buffers;
using System.Buffers.Binary;

namespace Quorate.Mvcc;

/// <summary>Writes the frame of docs/format/state.md: tables, rows and the checksum over them.</summary>
internal sealed class StateWriter
{
    private uint _checksum;

    public void Begin(IBufferWriter<byte> target)
    {
        var bytes = StateFormat.Magic.Length + sizeof(ushort);
        var span = target.GetSpan(bytes)[..bytes];
        StateFormat.Magic.CopyTo(span);
        BinaryPrimitives.WriteUInt16LittleEndian(span[StateFormat.Magic.Length..], StateFormat.Version);
        Commit(target, span);
    }

    public void BeginTable(IBufferWriter<byte> target, ReadOnlySpan<byte> name)
    {
        var bytes = 1 + name.Length + sizeof(ushort);
        var span = target.GetSpan(bytes)[..bytes];
        span[0] = (byte)name.Length;
        name.CopyTo(span[1..]);
        BinaryPrimitives.WriteUInt16LittleEndian(span[(1 + name.Length)..], StateFormat.TableVersion);
        Commit(target, span);
    }

    public void EndTable(IBufferWriter<byte> target)
    {
        var span = target.GetSpan(sizeof(uint))[..sizeof(uint)];
        span.Clear();
        Commit(target, span);
    }

    public void End(IBufferWriter<byte> target)
    {
        var span = target.GetSpan(1)[..1];
        span[0] = 0;
        Commit(target, span);
        BinaryPrimitives.WriteUInt32LittleEndian(target.GetSpan(sizeof(uint)), _checksum);
        target.Advance(sizeof(uint));
    }

    /// <summary>
    /// A row of that many bytes; the caller fills <paramref name="body"/> and commits the returned span.
    /// </summary>
    public static Span<byte> Row(IBufferWriter<byte> target, int bytes, out Span<byte> body)
    {
        StoreInvariant.Holds(bytes is > 0 and <= StateFormat.RowBytesMax, "a row has a length that a reader takes");
        var span = target.GetSpan(sizeof(uint) + bytes)[..(sizeof(uint) + bytes)];
        BinaryPrimitives.WriteInt32LittleEndian(span, bytes);
        body = span[sizeof(uint)..];
        return span;
    }

    public int Commit(IBufferWriter<byte> target, ReadOnlySpan<byte> span)
    {
        _checksum = StateFormat.Checksum(_checksum, span);
        target.Advance(span.Length);
        return span.Length;
    }
}
