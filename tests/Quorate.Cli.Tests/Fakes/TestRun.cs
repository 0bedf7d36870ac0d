using System.Net;
using System.Net.Sockets;
using System.Text;
using Quorate.Cli.Commands;

namespace Quorate.Cli.Tests.Fakes;

/// <summary>What a whole command line did.</summary>
internal sealed record TestRun(int ExitCode, string Out, string Error)
{
    public static async Task<TestRun> OfAsync(
        string[] args, bool terminal = false, byte[]? input = null, bool interactive = false)
    {
        var raw = new MemoryStream();
        var text = new StreamWriter(raw, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
        var error = new StringWriter();
        var surroundings = new Surroundings
        {
            Out = text,
            Error = error,
            RawOut = raw,
            RawIn = new MemoryStream(input ?? []),
            OutputIsTerminal = terminal,
            IsInteractive = interactive,
            Environment = _ => null,
        };

        // The command blocks, and the fake node needs a thread to answer it.
        var exitCode = await Task.Factory.StartNew(
            () => QuorateCommand.Run(args, surroundings),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        return new TestRun(exitCode, Encoding.UTF8.GetString(raw.ToArray()), error.ToString());
    }

    /// <summary>A loopback endpoint where nobody listens.</summary>
    public static string NobodyThere()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"{listener.LocalEndpoint}";
    }
}
