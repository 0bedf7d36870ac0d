using System.Buffers.Binary;
using System.Text;

namespace Quorate.Mvcc;

/// <summary>
/// Takes the frame of docs/format/state.md apart, whatever pieces it comes in, and hands out tables and rows. Keeps
/// only the piece that is not whole yet.
/// </summary>
internal sealed class FrameReader(FrameReader.IRows rows)
{
    private byte[] _buffer = new byte[4096];
    private int _count;
    private uint _checksum;
    private Stage _stage;
    private string _table = "";

    /// <summary>Takes what the frame holds.</summary>
    internal interface IRows
    {
        /// <summary>A table begins; throws when it is not known.</summary>
        void BeginTable(string name, int version);

        /// <summary>One row of the table that began last.</summary>
        void Row(ReadOnlySpan<byte> row);

        /// <summary>The table is whole.</summary>
        void EndTable();
    }

    private enum Stage
    {
        Head,
        Table,
        Row,
        Checksum,
        Done,
    }

    /// <summary>Whether the frame is whole and its checksum right.</summary>
    public bool IsDone => _stage == Stage.Done;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        if (_count == 0)
        {
            Keep(bytes[Take(bytes)..]);
            return;
        }

        Keep(bytes);
        var taken = Take(_buffer.AsSpan(0, _count));
        _buffer.AsSpan(taken, _count - taken).CopyTo(_buffer);
        _count -= taken;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length - _count < bytes.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _count + bytes.Length));
        }

        bytes.CopyTo(_buffer.AsSpan(_count));
        _count += bytes.Length;
    }

    private int Take(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (taken < bytes.Length)
        {
            var rest = bytes[taken..];
            var length = TakeOne(rest);
            if (length == 0)
            {
                break;
            }

            taken += length;
        }

        return taken;
    }

    // Takes one whole piece and returns its length, or 0 when it is not whole yet.
    private int TakeOne(ReadOnlySpan<byte> bytes) => _stage switch
    {
        Stage.Head => TakeHead(bytes),
        Stage.Table => TakeTable(bytes),
        Stage.Row => TakeRow(bytes),
        Stage.Checksum => TakeChecksum(bytes),
        _ => throw new StateFormatException("There are bytes behind the end of the snapshot."),
    };

    private int TakeHead(ReadOnlySpan<byte> bytes)
    {
        var magic = StateFormat.Magic;
        var seen = Math.Min(bytes.Length, magic.Length);
        if (!bytes[..seen].SequenceEqual(magic[..seen]))
        {
            throw new StateFormatException("The bytes are no snapshot of the state: they do not begin with QRMSTATE.");
        }

        var length = magic.Length + sizeof(ushort);
        if (bytes.Length < length)
        {
            return 0;
        }

        var version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[magic.Length..]);
        if (version != StateFormat.Version)
        {
            throw new StateFormatException(
                $"The snapshot has format version {version}; this node knows version {StateFormat.Version} only.");
        }

        return Took(bytes[..length], Stage.Table);
    }

    private int TakeTable(ReadOnlySpan<byte> bytes)
    {
        int nameLength = bytes[0];
        if (nameLength == 0)
        {
            return Took(bytes[..1], Stage.Checksum);
        }

        var length = 1 + nameLength + sizeof(ushort);
        if (bytes.Length < length)
        {
            return 0;
        }

        _table = Encoding.ASCII.GetString(bytes.Slice(1, nameLength));
        rows.BeginTable(_table, BinaryPrimitives.ReadUInt16LittleEndian(bytes[(1 + nameLength)..]));
        return Took(bytes[..length], Stage.Row);
    }

    private int TakeRow(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(uint))
        {
            return 0;
        }

        var rowLength = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (rowLength == 0)
        {
            rows.EndTable();
            return Took(bytes[..sizeof(uint)], Stage.Table);
        }

        if (rowLength > StateFormat.RowBytesMax)
        {
            throw new StateFormatException($"The table '{_table}' has a row of {rowLength} bytes, which is too long.");
        }

        var length = sizeof(uint) + (int)rowLength;
        if (bytes.Length < length)
        {
            return 0;
        }

        rows.Row(bytes[sizeof(uint)..length]);
        return Took(bytes[..length], Stage.Row);
    }

    private int TakeChecksum(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(uint))
        {
            return 0;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != _checksum)
        {
            throw new StateFormatException("The snapshot is damaged: its checksum is wrong.");
        }

        _stage = Stage.Done;
        return sizeof(uint);
    }

    private int Took(ReadOnlySpan<byte> bytes, Stage next)
    {
        _checksum = StateFormat.Checksum(_checksum, bytes);
        _stage = next;
        return bytes.Length;
    }
}
