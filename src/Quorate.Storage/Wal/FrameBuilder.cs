using System.Runtime.InteropServices;
using Quorate.Raft;

namespace Quorate.Storage;

/// <summary>
/// Puts the bytes of one frame together without copying records: head, records, filling, and the same once more for a
/// doubled one. Records that lie side by side in memory become one buffer. Reused for every frame.
/// </summary>
internal sealed class FrameBuilder(uint seed)
{
    private static readonly ReadOnlyMemory<byte> Zeros = new byte[FrameHeader.Alignment];

    private readonly byte[] _firstHead = new byte[FrameHeader.Bytes];
    private readonly byte[] _secondHead = new byte[FrameHeader.Bytes];
    private readonly List<ReadOnlyMemory<byte>> _records = [];
    private readonly List<ReadOnlyMemory<byte>> _buffers = [];
    private uint _checksum;

    /// <summary>Bytes of the records taken so far.</summary>
    public int RecordBytes { get; private set; }

    public int Records { get; private set; }

    public uint RecordsChecksum => Crc32C.Finish(_checksum);

    public void Clear()
    {
        _records.Clear();
        _buffers.Clear();
        _checksum = Crc32C.Start;
        RecordBytes = 0;
        Records = 0;
    }

    public void Add(ReadOnlyMemory<byte> record)
    {
        _checksum = Crc32C.Append(_checksum, EntryRecord.ChecksumOf(record.Span));
        RecordBytes += record.Length;
        Records++;
        if (_records.Count > 0 && TryJoin(_records[^1], record, out var joined))
        {
            _records[^1] = joined;
        }
        else
        {
            _records.Add(record);
        }
    }

    /// <summary>The buffers of the frame; valid until the next <see cref="Clear"/>.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Build(in FrameHeader header)
    {
        AddCopy(header, _firstHead);
        if (header.Copy != FrameCopy.Only)
        {
            AddCopy(header.At(FrameCopy.SecondOfTwo), _secondHead);
        }

        return _buffers;
    }

    private static bool TryJoin(ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right, out ReadOnlyMemory<byte> joined)
    {
        if (MemoryMarshal.TryGetArray(left, out var first)
            && MemoryMarshal.TryGetArray(right, out var second)
            && ReferenceEquals(first.Array, second.Array)
            && first.Offset + first.Count == second.Offset)
        {
            joined = new ReadOnlyMemory<byte>(first.Array, first.Offset, first.Count + second.Count);
            return true;
        }

        joined = default;
        return false;
    }

    private void AddCopy(in FrameHeader header, byte[] head)
    {
        header.Write(head, seed);
        _buffers.Add(head);
        _buffers.AddRange(_records);
        var filling = header.Size - FrameHeader.Bytes - header.RecordBytes;
        if (filling > 0)
        {
            _buffers.Add(Zeros[..filling]);
        }
    }
}
