namespace Quorate.Mvcc;

/// <summary>
/// One change of the replicated state, as proposed and as applied. The set is closed: <see cref="PutCommand"/>,
/// <see cref="DeleteRangeCommand"/>, <see cref="TxnCommand"/>, <see cref="CompactCommand"/>,
/// <see cref="MemberPublishCommand"/>. Its bytes are those of docs/format/commands.md.
/// </summary>
public abstract record Command
{
    private protected Command()
    {
    }
}
