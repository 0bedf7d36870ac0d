namespace Quorate.Cli;

/// <summary>What the process answers to the shell; documented in docs/operations/command-line.md.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>It went wrong, or a server got bad settings or had to stop.</summary>
    public const int Error = 1;

    /// <summary>A client command was called wrongly.</summary>
    public const int Usage = 2;

    /// <summary>The key is missing, and <c>--fail-missing</c> asked for this code.</summary>
    public const int NotFound = 3;

    /// <summary>No answer, or none in time; a write may or may not have happened.</summary>
    public const int Timeout = 5;

    /// <summary>The cluster has no leader, so nothing was done.</summary>
    public const int NoQuorum = 6;
}
