using System.Text;

namespace Quorate.Mvcc;

/// <summary>
/// Judges a command before it is proposed, so that nothing that is committed can surprise apply. Pure: needs no
/// state.
/// </summary>
public static class CommandValidator
{
    private static readonly CommandFault KeyMissing = new(
        CommandFaultCode.KeyMissing, "etcdserver: key is not provided");

    /// <summary>Returns what is wrong with a command, or null.</summary>
    public static CommandFault? Validate(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var fault = command switch
        {
            PutCommand put => JudgePut(put),
            DeleteRangeCommand delete => JudgeKey(delete.Key),
            TxnCommand txn => JudgeTxn(txn, CommandLimits.TxnOperationsMax, depth: 1) ?? TxnKeyPaths.Judge(txn),
            CompactCommand compact => JudgeCompact(compact),
            MemberPublishCommand publish => JudgePublish(publish),
            _ => throw new ArgumentException($"No rules for {command.GetType().Name}.", nameof(command)),
        };
        return fault ?? JudgeSize(command);
    }

    /// <summary>Returns what is wrong with a read, or null.</summary>
    public static CommandFault? Validate(in RangeQuery query)
    {
        if (query.Key.IsEmpty)
        {
            return KeyMissing;
        }

        return query.Order > SortOrder.Descend || query.OrderBy > SortTarget.Value
            ? new CommandFault(CommandFaultCode.InvalidSort, "etcdserver: invalid sort option")
            : null;
    }

    private static CommandFault? JudgeKey(ReadOnlyMemory<byte> key) => key.IsEmpty ? KeyMissing : null;

    private static CommandFault? JudgePut(PutCommand put)
    {
        if (put.Key.IsEmpty)
        {
            return KeyMissing;
        }

        if (put.IgnoreValue && !put.Value.IsEmpty)
        {
            return new CommandFault(CommandFaultCode.ValueProvided, "etcdserver: value is provided");
        }

        return put.IgnoreLease && put.Lease != 0
            ? new CommandFault(CommandFaultCode.LeaseProvided, "etcdserver: lease is provided")
            : null;
    }

    // As etcd does, a nested transaction gets what its parent's longest list has left over.
    private static CommandFault? JudgeTxn(TxnCommand txn, int operationsMax, int depth)
    {
        var most = Math.Max(txn.Compares.Count, Math.Max(txn.Success.Count, txn.Failure.Count));
        if (most > operationsMax || depth > CommandLimits.TxnDepthMax)
        {
            return new CommandFault(
                CommandFaultCode.TooManyOperations, "etcdserver: too many operations in txn request");
        }

        foreach (var compare in txn.Compares)
        {
            if (JudgeCompare(compare) is { } fault)
            {
                return fault;
            }
        }

        return JudgeOperations(txn.Success, operationsMax - most, depth)
            ?? JudgeOperations(txn.Failure, operationsMax - most, depth);
    }

    private static CommandFault? JudgeOperations(
        IReadOnlyList<TxnOperation> operations, int nestedMax, int depth)
    {
        foreach (var operation in operations)
        {
            var fault = operation switch
            {
                TxnOperation.Put put => JudgePut(put.Command),
                TxnOperation.DeleteRange delete => JudgeKey(delete.Command.Key),
                TxnOperation.Range range => Validate(range.Query),
                TxnOperation.Txn txn => JudgeTxn(txn.Command, nestedMax, depth + 1),
                _ => throw new ArgumentException("A transaction holds an operation that does not exist."),
            };
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private static CommandFault? JudgeCompare(TxnCompare compare)
    {
        if (compare.Key.IsEmpty)
        {
            return KeyMissing;
        }

        var known = compare.Target <= CompareTarget.Lease && compare.Relation <= CompareRelation.NotEqual;
        var oneSide = compare.Target == CompareTarget.Value ? compare.Number == 0 : compare.Value.IsEmpty;
        return known && oneSide
            ? null
            : new CommandFault(CommandFaultCode.InvalidCompare, "etcdserver: invalid compare");
    }

    private static CommandFault? JudgeCompact(CompactCommand compact) => compact.Revision < 0
        ? new CommandFault(CommandFaultCode.NegativeRevision, "the revision to compact at is negative")
        : null;

    private static CommandFault? JudgePublish(MemberPublishCommand publish)
    {
        if (publish.MemberId == 0)
        {
            return new CommandFault(CommandFaultCode.InvalidMember, "a member without an id cannot publish");
        }

        if (publish.ClientUrls.Count > CommandLimits.ClientUrlsMax)
        {
            return new CommandFault(
                CommandFaultCode.InvalidMember, $"a member has at most {CommandLimits.ClientUrlsMax} client URLs");
        }

        return IsTooLong(publish.Name) || publish.ClientUrls.Any(IsTooLong)
            ? new CommandFault(
                CommandFaultCode.InvalidMember,
                $"a member's name and each of its URLs have at most {CommandLimits.MemberTextBytesMax} bytes")
            : null;
    }

    private static bool IsTooLong(string text) =>
        Encoding.UTF8.GetByteCount(text) > CommandLimits.MemberTextBytesMax;

    private static CommandFault? JudgeSize(Command command) =>
        CommandCodec.EncodedLength(command) > CommandLimits.BytesMax
            ? new CommandFault(CommandFaultCode.TooLarge, "etcdserver: request is too large")
            : null;
}
