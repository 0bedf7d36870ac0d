namespace Quorate.Mvcc;

/// <summary>The sentences clients see. etcd's clients match on them, so they are part of the contract.</summary>
public static class ErrorTexts
{
    /// <summary>The sentence of an apply error.</summary>
    public static string Of(ApplyError error) => error switch
    {
        ApplyError.None => "ok",
        ApplyError.Compacted => "etcdserver: mvcc: required revision has been compacted",
        ApplyError.FutureRevision => "etcdserver: mvcc: required revision is a future revision",
        ApplyError.LeaseNotFound => "etcdserver: requested lease not found",
        ApplyError.KeyNotFound => "etcdserver: key not found",
        ApplyError.TooManyMembers => "the table of members is full",
        _ => "the command's bytes break the format",
    };

    /// <summary>The sentence of a read error.</summary>
    public static string Of(ReadError error) => error switch
    {
        ReadError.None => "ok",
        ReadError.Compacted => Of(ApplyError.Compacted),
        _ => Of(ApplyError.FutureRevision),
    };
}
