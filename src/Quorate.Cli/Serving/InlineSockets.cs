namespace Quorate.Cli.Serving;

/// <summary>
/// Lets the runtime hand what a socket has received to its reader on the thread that learnt of it, without a turn
/// through the thread pool. All our readers only parse and post; see docs/adr/0006-socket-completions-inline.md.
/// </summary>
internal static class InlineSockets
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Call before the first socket: the runtime looks once. What the user has set stays.</summary>
    public static void Prefer()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            Environment.SetEnvironmentVariable(Variable, "1");
        }
    }
}
