namespace Quorate.Server.Http;

/// <summary>Everything that can go wrong with a request; each has one name, one status, one meaning.</summary>
internal enum ErrorCode
{
    /// <summary>The request itself is wrong.</summary>
    InvalidArgument,

    /// <summary>Neither credentials nor origin allow it.</summary>
    Forbidden,

    /// <summary>No such path, or no such key.</summary>
    NotFound,

    /// <summary>The path exists, the method does not.</summary>
    MethodNotAllowed,

    /// <summary>The answer cannot be said in the form that was asked for.</summary>
    NotAcceptable,

    /// <summary>Something else is, or is being done, in its place.</summary>
    Conflict,

    /// <summary>The node holds data that is its own.</summary>
    HasData,

    /// <summary>The node belongs to another cluster.</summary>
    OtherCluster,

    /// <summary>Another member has that name.</summary>
    NameTaken,

    /// <summary>The state of the store or of the cluster does not allow it.</summary>
    PreconditionFailed,

    /// <summary>Larger than the limit.</summary>
    TooLarge,

    /// <summary>Too much is waiting.</summary>
    TooManyRequests,

    /// <summary>This node belongs to no cluster yet.</summary>
    Unconfigured,

    /// <summary>No leader is known, or it cannot serve yet.</summary>
    NoLeader,

    /// <summary>This member does not lead and cannot say who does.</summary>
    NotLeader,

    /// <summary>The disk has no room for more log.</summary>
    NoSpace,

    /// <summary>The node is stopping.</summary>
    ShuttingDown,

    /// <summary>No answer was known in time.</summary>
    Timeout,

    /// <summary>A fault of this server.</summary>
    Internal,
}

/// <summary>What is fixed about an error code.</summary>
/// <param name="Name">As in the body.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Retryable">Whether the same request may succeed later and does no harm.</param>
/// <param name="Outcome">Whether it may have been done: <c>not_done</c>, <c>unknown</c>; null for reads.</param>
internal sealed record ErrorKind(string Name, int Status, bool Retryable, string? Outcome)
{
    private const string NotDone = "not_done";

    /// <summary>Whether it is done, or will be, is not known.</summary>
    public const string Unknown = "unknown";

    private static readonly ErrorKind[] Kinds = BuildAll();

    /// <summary>Whether the answer carries <c>Retry-After</c>.</summary>
    public bool SaysWhen => Status is 429 or 503;

    /// <summary>What is fixed about <paramref name="code"/>.</summary>
    public static ErrorKind Of(ErrorCode code) => Kinds[(int)code];

    private static ErrorKind[] BuildAll() => [.. Enum.GetValues<ErrorCode>().Select(Build)];

    private static ErrorKind Build(ErrorCode code) => code switch
    {
        ErrorCode.InvalidArgument => new("invalid_argument", 400, Retryable: false, NotDone),
        ErrorCode.Forbidden => new("forbidden", 403, Retryable: false, NotDone),
        ErrorCode.NotFound => new("not_found", 404, Retryable: false, Outcome: null),
        ErrorCode.MethodNotAllowed => new("method_not_allowed", 405, Retryable: false, NotDone),
        ErrorCode.NotAcceptable => new("not_acceptable", 406, Retryable: false, Outcome: null),
        ErrorCode.Conflict => new("conflict", 409, Retryable: false, NotDone),
        ErrorCode.HasData => new("has_data", 409, Retryable: false, NotDone),
        ErrorCode.OtherCluster => new("other_cluster", 409, Retryable: false, NotDone),
        ErrorCode.NameTaken => new("name_taken", 409, Retryable: false, NotDone),
        ErrorCode.PreconditionFailed => new("precondition_failed", 412, Retryable: false, NotDone),
        ErrorCode.TooLarge => new("too_large", 413, Retryable: false, NotDone),
        ErrorCode.TooManyRequests => new("too_many_requests", 429, Retryable: true, NotDone),
        ErrorCode.Unconfigured => new("unconfigured", 503, Retryable: true, NotDone),
        ErrorCode.NoLeader => new("no_leader", 503, Retryable: true, NotDone),
        ErrorCode.NotLeader => new("not_leader", 503, Retryable: true, NotDone),
        ErrorCode.NoSpace => new("no_space", 503, Retryable: true, NotDone),
        ErrorCode.ShuttingDown => new("shutting_down", 503, Retryable: true, NotDone),
        ErrorCode.Timeout => new("timeout", 504, Retryable: false, Unknown),
        _ => new("internal", 500, Retryable: false, Unknown),
    };
}

/// <summary>One refusal: its code, and a sentence for people.</summary>
/// <param name="Code">What kind of refusal.</param>
/// <param name="Message">What is wrong, or what to do.</param>
internal sealed record ApiError(ErrorCode Code, string Message)
{
    /// <summary>Says that the same request may succeed later, although most of that code may not.</summary>
    public bool HarmlessToRepeat { get; init; }

    /// <summary>Why the cluster would not be changed, as a word for programs; null for all other refusals.</summary>
    public string? Refusal { get; init; }

    /// <summary>Says that a part of what was asked for is done, although most of that code is not.</summary>
    public bool IsPartlyDone { get; init; }

    /// <summary>Whether it may have been done; null for reads.</summary>
    public string? Outcome => IsPartlyDone ? ErrorKind.Unknown : Kind.Outcome;

    /// <summary>The methods allowed, with <see cref="ErrorCode.MethodNotAllowed"/>.</summary>
    public string? Allow { get; init; }

    /// <summary>What is fixed about the code.</summary>
    public ErrorKind Kind => ErrorKind.Of(Code);

    /// <summary>Whether the same request may be sent again.</summary>
    public bool Retryable => Kind.Retryable || HarmlessToRepeat;

    /// <summary>The request is wrong in the way that <paramref name="message"/> says.</summary>
    public static ApiError Invalid(string message) => new(ErrorCode.InvalidArgument, message);
}
