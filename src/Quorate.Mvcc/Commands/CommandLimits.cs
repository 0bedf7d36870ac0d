namespace Quorate.Mvcc;

/// <summary>What a command may be at most. Judged before it is proposed, never when it is applied.</summary>
public static class CommandLimits
{
    /// <summary>The greatest command in bytes, its head included: 1.5 MiB.</summary>
    public const int BytesMax = 1_572_864;

    /// <summary>
    /// The most compares, or operations of a branch, of a transaction; a nested one gets what is left.
    /// </summary>
    public const int TxnOperationsMax = 128;

    /// <summary>How deep transactions may be nested, the outermost one counted. Part of the command format.</summary>
    public const int TxnDepthMax = 32;

    /// <summary>The longest name or URL a member may publish, in bytes of UTF-8.</summary>
    public const int MemberTextBytesMax = 1024;

    /// <summary>The most client URLs a member may publish.</summary>
    public const int ClientUrlsMax = 64;
}
