using System.Buffers.Binary;
using System.Text;

namespace Quorate.Mvcc;

/// <summary>
/// Reads one command; see docs/format/commands.md. After the first fault everything reads as empty, and
/// <see cref="Error"/> keeps the first reason. Lengths and counts are checked against the bytes that are there
/// before anything is allocated.
/// </summary>
internal struct CommandReader(ReadOnlyMemory<byte> source)
{
    private static readonly UTF8Encoding StrictUtf8 =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlyMemory<byte> _rest = source;

    public string? Error { get; private set; }

    public Command? ReadCommand()
    {
        if (_rest.Length < CommandFormat.HeadBytes)
        {
            Fail("the command is shorter than its head");
            return null;
        }

        var version = Byte();
        if (version != CommandFormat.Version)
        {
            throw UnknownCommandException.Version(version);
        }

        var command = ReadBody(Byte());
        if (Error is null && _rest.Length > 0)
        {
            Fail($"{_rest.Length} bytes are left behind the command");
        }

        return command;
    }

    /// <summary>Reads the body of a member publish that fills the source exactly.</summary>
    public MemberPublishCommand? ReadMemberPublish()
    {
        var publish = ReadPublish();
        return Error is null && _rest.IsEmpty ? publish : null;
    }

    private Command ReadBody(byte kind) => kind switch
    {
        CommandFormat.Put => ReadPut(),
        CommandFormat.DeleteRange => ReadDeleteRange(),
        CommandFormat.Txn => ReadTxn(depth: 1),
        CommandFormat.Compact => new CompactCommand(Int64()),
        CommandFormat.MemberPublish => ReadPublish(),
        _ => throw UnknownCommandException.Kind(kind),
    };

    private PutCommand ReadPut()
    {
        var flags = Flags(CommandFormat.PutFlags);
        var lease = Int64();
        var (key, value) = Pair();
        return new PutCommand(
            key,
            value,
            lease,
            IgnoreValue: (flags & CommandFormat.IgnoreValueFlag) != 0,
            IgnoreLease: (flags & CommandFormat.IgnoreLeaseFlag) != 0,
            PrevKv: (flags & CommandFormat.PrevKvFlag) != 0);
    }

    private DeleteRangeCommand ReadDeleteRange()
    {
        var flags = Flags(CommandFormat.PrevKvFlag);
        var (key, rangeEnd) = Pair();
        return new DeleteRangeCommand(key, rangeEnd, PrevKv: flags != 0);
    }

    private TxnCommand ReadTxn(int depth)
    {
        if (depth > CommandLimits.TxnDepthMax)
        {
            Fail($"transactions are nested more than {CommandLimits.TxnDepthMax} deep");
        }

        var compareCount = Count(CommandFormat.CompareFixedBytes);
        var successCount = Count(CommandFormat.OperationFixedBytes);
        var failureCount = Count(CommandFormat.OperationFixedBytes);
        var compares = new TxnCompare[Error is null ? compareCount : 0];
        for (var i = 0; i < compares.Length && Error is null; i++)
        {
            compares[i] = ReadCompare();
        }

        return new TxnCommand(compares, ReadOperations(successCount, depth), ReadOperations(failureCount, depth));
    }

    private TxnCompare ReadCompare()
    {
        var target = (CompareTarget)Choice((byte)CompareTarget.Lease, "compare target");
        var relation = (CompareRelation)Choice((byte)CompareRelation.NotEqual, "compare relation");
        var number = Int64();
        var keyLength = Length();
        var endLength = Length();
        var valueLength = Length();
        if (target == CompareTarget.Value ? number != 0 : valueLength != 0)
        {
            Fail("a compare has a number and a value");
        }

        return new TxnCompare(Bytes(keyLength), Bytes(endLength), target, relation, number, Bytes(valueLength));
    }

    private TxnOperation[] ReadOperations(int count, int depth)
    {
        var operations = new TxnOperation[Error is null ? count : 0];
        for (var i = 0; i < operations.Length && Error is null; i++)
        {
            operations[i] = ReadOperation(depth);
        }

        return operations;
    }

    private TxnOperation ReadOperation(int depth)
    {
        var kind = Byte();
        var length = Length();
        var end = _rest.Length - length;
        if (end < 0)
        {
            Fail("an operation is cut");
        }

        if (Error is not null)
        {
            return new TxnOperation.Range(default);
        }

        TxnOperation operation = kind switch
        {
            CommandFormat.Put => new TxnOperation.Put(ReadPut()),
            CommandFormat.DeleteRange => new TxnOperation.DeleteRange(ReadDeleteRange()),
            CommandFormat.Txn => new TxnOperation.Txn(ReadTxn(depth + 1)),
            CommandFormat.Range => new TxnOperation.Range(ReadRange()),
            _ => throw UnknownCommandException.Operation(kind),
        };
        if (_rest.Length != end)
        {
            Fail("an operation does not fill its length");
        }

        return operation;
    }

    private RangeQuery ReadRange()
    {
        var flags = Flags(CommandFormat.RangeFlags);
        var order = (SortOrder)Choice((byte)SortOrder.Descend, "order");
        var orderBy = (SortTarget)Choice((byte)SortTarget.Value, "order target");
        var query = new RangeQuery
        {
            KeysOnly = (flags & CommandFormat.KeysOnlyFlag) != 0,
            CountOnly = (flags & CommandFormat.CountOnlyFlag) != 0,
            Order = order,
            OrderBy = orderBy,
            Revision = Int64(),
            Limit = Int64(),
            MinModRevision = Int64(),
            MaxModRevision = Int64(),
            MinCreateRevision = Int64(),
            MaxCreateRevision = Int64(),
        };
        var (key, rangeEnd) = Pair();
        return query with { Key = key, RangeEnd = rangeEnd };
    }

    private MemberPublishCommand ReadPublish()
    {
        var id = (ulong)Int64();
        var name = Text();
        var count = UInt16();
        if (count * sizeof(ushort) > _rest.Length)
        {
            Fail("a list is cut");
        }

        var urls = new string[Error is null ? count : 0];
        for (var i = 0; i < urls.Length; i++)
        {
            urls[i] = Text();
        }

        return new MemberPublishCommand(id, name, urls);
    }

    private (ReadOnlyMemory<byte> First, ReadOnlyMemory<byte> Second) Pair()
    {
        var first = Length();
        var second = Length();
        return (Bytes(first), Bytes(second));
    }

    private string Text()
    {
        var bytes = Bytes(UInt16());
        try
        {
            return StrictUtf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            Fail("a text is not UTF-8");
            return string.Empty;
        }
    }

    private byte Flags(byte known)
    {
        var flags = Byte();
        if ((flags & ~known) != 0)
        {
            Fail($"the flags {flags} are not known");
        }

        return flags;
    }

    private byte Choice(byte max, string what)
    {
        var choice = Byte();
        if (choice > max)
        {
            Fail($"the {what} {choice} is not known");
            return 0;
        }

        return choice;
    }

    private int Count(int bytesEach)
    {
        var count = Length();
        if ((long)count * bytesEach > _rest.Length)
        {
            Fail("a list is cut");
        }

        return count;
    }

    private int Length()
    {
        var bytes = Bytes(sizeof(uint)).Span;
        var length = bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length <= int.MaxValue)
        {
            return (int)length;
        }

        Fail("a length is too great");
        return 0;
    }

    private byte Byte()
    {
        var bytes = Bytes(1).Span;
        return bytes.IsEmpty ? (byte)0 : bytes[0];
    }

    private int UInt16()
    {
        var bytes = Bytes(sizeof(ushort)).Span;
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    private long Int64()
    {
        var bytes = Bytes(sizeof(long)).Span;
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    private ReadOnlyMemory<byte> Bytes(int length)
    {
        if (Error is null && length > _rest.Length)
        {
            Fail($"{length} bytes are wanted and {_rest.Length} are left");
        }

        if (Error is not null)
        {
            return default;
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private void Fail(string because) => Error ??= because;
}
