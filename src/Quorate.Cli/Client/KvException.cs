namespace Quorate.Cli.Client;

/// <summary>Why a request gave no result.</summary>
internal enum KvFault
{
    /// <summary>No connection could be made, so nothing was sent.</summary>
    Unreachable,

    /// <summary>The node had no leader to turn to, or is not part of a cluster; nothing was done.</summary>
    NoQuorum,

    /// <summary>The node is too busy or is shutting down; nothing was done.</summary>
    Busy,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>The connection broke after the request was sent.</summary>
    Broken,

    /// <summary>The node understood and said no; another node would say the same.</summary>
    Refused,
}

/// <summary>A request that gave no result, in a sentence that says what to do next.</summary>
internal sealed class KvException(KvFault fault, string message) : Exception(message)
{
    public KvFault Fault { get; } = fault;

    /// <summary>The server's code for it, such as <c>no_leader</c>; null when no server said anything.</summary>
    public string? Code { get; init; }

    /// <summary>Why the cluster was not changed, such as <c>last_voter</c>; null for other refusals.</summary>
    public string? Refusal { get; init; }

    /// <summary>True when it is certain that nothing was done: then even a write may go to another node.</summary>
    public bool NothingDone => Fault is KvFault.Unreachable or KvFault.NoQuorum or KvFault.Busy;

    /// <summary>A change may or may not have been made.</summary>
    public bool OutcomeIsUnknown { get; init; }

    public int ExitCode => Fault switch
    {
        _ when OutcomeIsUnknown => ExitCodes.Timeout,
        KvFault.Timeout => ExitCodes.Timeout,
        KvFault.NoQuorum => ExitCodes.NoQuorum,
        _ => ExitCodes.Error,
    };
}
