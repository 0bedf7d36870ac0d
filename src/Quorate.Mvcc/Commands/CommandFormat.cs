namespace Quorate.Mvcc;

/// <summary>The numbers of docs/format/commands.md.</summary>
internal static class CommandFormat
{
    public const byte Version = 1;
    public const int HeadBytes = 2;

    public const byte Put = 1;
    public const byte DeleteRange = 2;
    public const byte Txn = 3;
    public const byte Compact = 4;
    public const byte MemberPublish = 5;
    public const byte Range = 7;

    public const byte IgnoreValueFlag = 1;
    public const byte IgnoreLeaseFlag = 2;
    public const byte PrevKvFlag = 4;
    public const byte PutFlags = IgnoreValueFlag | IgnoreLeaseFlag | PrevKvFlag;

    public const byte KeysOnlyFlag = 1;
    public const byte CountOnlyFlag = 2;
    public const byte RangeFlags = KeysOnlyFlag | CountOnlyFlag;

    public const int PutFixedBytes = 1 + 8 + 4 + 4;
    public const int DeleteRangeFixedBytes = 1 + 4 + 4;
    public const int TxnFixedBytes = 4 + 4 + 4;
    public const int CompareFixedBytes = 1 + 1 + 8 + 4 + 4 + 4;
    public const int OperationFixedBytes = 1 + 4;
    public const int RangeFixedBytes = 3 + (6 * 8) + 4 + 4;
    public const int CompactBytes = 8;
    public const int MemberPublishFixedBytes = 8 + 2 + 2;
}
