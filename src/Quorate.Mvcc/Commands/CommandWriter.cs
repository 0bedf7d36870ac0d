using System.Buffers.Binary;
using System.Text;

namespace Quorate.Mvcc;

/// <summary>Writes one command into a span that is large enough; see docs/format/commands.md.</summary>
internal ref struct CommandWriter(Span<byte> target)
{
    private Span<byte> _rest = target;

    public readonly int Remaining => _rest.Length;

    public static int BodyLength(Command command) => command switch
    {
        PutCommand put => CommandFormat.PutFixedBytes + put.Key.Length + put.Value.Length,
        DeleteRangeCommand delete => CommandFormat.DeleteRangeFixedBytes + delete.Key.Length + delete.RangeEnd.Length,
        TxnCommand txn => TxnLength(txn),
        CompactCommand => CommandFormat.CompactBytes,
        MemberPublishCommand publish => PublishLength(publish),
        _ => throw new ArgumentException($"No format for {command.GetType().Name}.", nameof(command)),
    };

    public void WriteCommand(Command command)
    {
        Byte(CommandFormat.Version);
        Byte(KindOf(command));
        WriteBody(command);
    }

    public void WriteBody(Command command)
    {
        switch (command)
        {
            case PutCommand put:
                WritePut(put);
                break;
            case DeleteRangeCommand delete:
                Byte(delete.PrevKv ? CommandFormat.PrevKvFlag : (byte)0);
                KeyAndEnd(delete.Key.Span, delete.RangeEnd.Span);
                break;
            case TxnCommand txn:
                WriteTxn(txn);
                break;
            case CompactCommand compact:
                Int64(compact.Revision);
                break;
            case MemberPublishCommand publish:
                WritePublish(publish);
                break;
        }
    }

    private static byte KindOf(Command command) => command switch
    {
        PutCommand => CommandFormat.Put,
        DeleteRangeCommand => CommandFormat.DeleteRange,
        TxnCommand => CommandFormat.Txn,
        CompactCommand => CommandFormat.Compact,
        _ => CommandFormat.MemberPublish,
    };

    private static int TxnLength(TxnCommand txn)
    {
        var length = CommandFormat.TxnFixedBytes;
        foreach (var compare in txn.Compares)
        {
            length = checked(length + CommandFormat.CompareFixedBytes
                + compare.Key.Length + compare.RangeEnd.Length + compare.Value.Length);
        }

        return checked(length + OperationsLength(txn.Success) + OperationsLength(txn.Failure));
    }

    private static int OperationsLength(IReadOnlyList<TxnOperation> operations)
    {
        var length = 0;
        foreach (var operation in operations)
        {
            length = checked(length + CommandFormat.OperationFixedBytes + OperationLength(operation));
        }

        return length;
    }

    private static int OperationLength(TxnOperation operation) => operation switch
    {
        TxnOperation.Put put => BodyLength(put.Command),
        TxnOperation.DeleteRange delete => BodyLength(delete.Command),
        TxnOperation.Txn txn => BodyLength(txn.Command),
        TxnOperation.Range range =>
            CommandFormat.RangeFixedBytes + range.Query.Key.Length + range.Query.RangeEnd.Length,
        _ => throw new ArgumentException($"No format for {operation.GetType().Name}.", nameof(operation)),
    };

    private static int PublishLength(MemberPublishCommand publish)
    {
        var length = CommandFormat.MemberPublishFixedBytes + Encoding.UTF8.GetByteCount(publish.Name);
        foreach (var url in publish.ClientUrls)
        {
            length += sizeof(ushort) + Encoding.UTF8.GetByteCount(url);
        }

        return length;
    }

    private void WritePut(PutCommand put)
    {
        var flags = (put.IgnoreValue ? CommandFormat.IgnoreValueFlag : 0)
            | (put.IgnoreLease ? CommandFormat.IgnoreLeaseFlag : 0)
            | (put.PrevKv ? CommandFormat.PrevKvFlag : 0);
        Byte((byte)flags);
        Int64(put.Lease);
        KeyAndEnd(put.Key.Span, put.Value.Span);
    }

    private void WriteTxn(TxnCommand txn)
    {
        Int32(txn.Compares.Count);
        Int32(txn.Success.Count);
        Int32(txn.Failure.Count);
        foreach (var compare in txn.Compares)
        {
            WriteCompare(compare);
        }

        foreach (var operation in txn.Success)
        {
            WriteOperation(operation);
        }

        foreach (var operation in txn.Failure)
        {
            WriteOperation(operation);
        }
    }

    private void WriteCompare(TxnCompare compare)
    {
        Byte((byte)compare.Target);
        Byte((byte)compare.Relation);
        Int64(compare.Number);
        Int32(compare.Key.Length);
        Int32(compare.RangeEnd.Length);
        Int32(compare.Value.Length);
        Bytes(compare.Key.Span);
        Bytes(compare.RangeEnd.Span);
        Bytes(compare.Value.Span);
    }

    private void WriteOperation(TxnOperation operation)
    {
        Byte(operation switch
        {
            TxnOperation.Put => CommandFormat.Put,
            TxnOperation.DeleteRange => CommandFormat.DeleteRange,
            TxnOperation.Txn => CommandFormat.Txn,
            _ => CommandFormat.Range,
        });
        Int32(OperationLength(operation));
        switch (operation)
        {
            case TxnOperation.Put put:
                WriteBody(put.Command);
                break;
            case TxnOperation.DeleteRange delete:
                WriteBody(delete.Command);
                break;
            case TxnOperation.Txn txn:
                WriteBody(txn.Command);
                break;
            case TxnOperation.Range range:
                WriteRange(range.Query);
                break;
        }
    }

    private void WriteRange(in RangeQuery query)
    {
        var flags = (query.KeysOnly ? CommandFormat.KeysOnlyFlag : 0)
            | (query.CountOnly ? CommandFormat.CountOnlyFlag : 0);
        Byte((byte)flags);
        Byte((byte)query.Order);
        Byte((byte)query.OrderBy);
        Int64(query.Revision);
        Int64(query.Limit);
        Int64(query.MinModRevision);
        Int64(query.MaxModRevision);
        Int64(query.MinCreateRevision);
        Int64(query.MaxCreateRevision);
        KeyAndEnd(query.Key.Span, query.RangeEnd.Span);
    }

    private void WritePublish(MemberPublishCommand publish)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), publish.MemberId);
        Text(publish.Name);
        UInt16(publish.ClientUrls.Count);
        foreach (var url in publish.ClientUrls)
        {
            Text(url);
        }
    }

    private void KeyAndEnd(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Int32(first.Length);
        Int32(second.Length);
        Bytes(first);
        Bytes(second);
    }

    private void Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        UInt16(length);
        Encoding.UTF8.GetBytes(text, Take(length));
    }

    private void Byte(byte value) => Take(1)[0] = value;

    private void UInt16(int value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(Take(sizeof(ushort)), checked((ushort)value));

    private void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);

    private void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    private void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    private Span<byte> Take(int length)
    {
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
