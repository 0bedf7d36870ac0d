namespace Quorate.Mvcc.Tests;

/// <summary>
/// Turns bytes into commands, so that whatever FsCheck makes, and shrinks, is a program for the store. Reads zeros
/// behind the end.
/// </summary>
internal sealed class CommandMaker(byte[] program)
{
    private static readonly string[] Keys = [.. MakeKeys()];

    private int _at;

    public bool IsDone => _at >= program.Length;

    public byte Next() => _at < program.Length ? program[_at++] : (byte)0;

    public Command Command(long revision) => (Next() % 16) switch
    {
        < 8 => Put(),
        < 11 => DeleteRange(),
        < 14 => Txn(revision, depth: 0),
        _ => new CompactCommand(Revision(revision)),
    };

    public string Key() => Keys[Next() % Keys.Length];

    public ReadOnlyMemory<byte> RangeEnd() => (Next() % 4) switch
    {
        0 => default,
        1 => KeyRange.FromKey,
        2 => KeyRange.PrefixEnd(StoreDriver.Bytes(Key()).Span),
        _ => StoreDriver.Bytes(Key()),
    };

    public long Revision(long revision) => Math.Max(0, revision - (Next() % 8) + 1);

    public RangeQuery Query(long revision)
    {
        var shape = Next();
        return new RangeQuery(StoreDriver.Bytes(Key()), RangeEnd())
        {
            Revision = Next() % 2 == 0 ? 0 : Revision(revision),
            Limit = Next() % 4,
            Order = (SortOrder)(Next() % 3),
            OrderBy = (SortTarget)(Next() % 5),
            KeysOnly = (shape & 1) != 0,
            CountOnly = (shape & 6) == 6,
            MinModRevision = (shape & 8) != 0 ? Revision(revision) : 0,
            MaxModRevision = (shape & 16) != 0 ? Revision(revision) : 0,
            MinCreateRevision = (shape & 32) != 0 ? Revision(revision) : 0,
            MaxCreateRevision = (shape & 64) != 0 ? Revision(revision) : 0,
        };
    }

    private static IEnumerable<string> MakeKeys()
    {
        var longPrefix = new string('p', 60);
        foreach (var prefix in new[] { "", "a", "/registry/pods/", longPrefix })
        {
            for (var i = 0; i < 6; i++)
            {
                yield return prefix + new string((char)('a' + i), 1 + (i % 3));
            }

            yield return prefix + "a\0";
            yield return prefix + "\u00ff\u00ff";
        }
    }

    private PutCommand Put()
    {
        var shape = Next();
        var ignoreValue = shape % 16 == 1;
        var value = ignoreValue ? "" : new string((char)('0' + (shape % 10)), shape % 40);
        return new PutCommand(
            StoreDriver.Bytes(Key()),
            StoreDriver.Bytes(value),
            Lease: shape % 32 == 2 ? 7 : 0,
            IgnoreValue: ignoreValue,
            IgnoreLease: shape % 16 == 3,
            PrevKv: shape % 4 == 0);
    }

    private DeleteRangeCommand DeleteRange() =>
        new(StoreDriver.Bytes(Key()), Next() % 3 == 0 ? RangeEnd() : default, PrevKv: Next() % 2 == 0);

    private TxnCommand Txn(long revision, int depth)
    {
        var compares = new TxnCompare[Next() % 3];
        for (var i = 0; i < compares.Length; i++)
        {
            compares[i] = Compare(revision);
        }

        return new TxnCommand(compares, Operations(revision, depth), Operations(revision, depth));
    }

    private TxnCompare Compare(long revision)
    {
        var target = (CompareTarget)(Next() % 5);
        var relation = (CompareRelation)(Next() % 4);
        var isValue = target == CompareTarget.Value;
        var number = isValue ? 0 : Next() % 2 == 0 ? Next() % 3 : Revision(revision);
        var value = isValue ? StoreDriver.Bytes(new string((char)('0' + (Next() % 10)), 4)) : default;
        return new TxnCompare(StoreDriver.Bytes(Key()), RangeEnd(), target, relation, number, value);
    }

    private TxnOperation[] Operations(long revision, int depth)
    {
        var operations = new TxnOperation[Next() % 4];
        for (var i = 0; i < operations.Length; i++)
        {
            operations[i] = (Next() % 8) switch
            {
                < 4 => new TxnOperation.Put(Put()),
                < 5 => new TxnOperation.DeleteRange(DeleteRange()),
                < 7 => new TxnOperation.Range(Query(revision)),
                _ when depth < 2 => new TxnOperation.Txn(Txn(revision, depth + 1)),
                _ => new TxnOperation.Range(Query(revision)),
            };
        }

        return operations;
    }
}
