using Microsoft.Extensions.Logging;
using Quorate.Cli.Logging;
using Quorate.Cli.Settings;
using Quorate.Node;
using Quorate.Raft;
using Quorate.Server;
using Quorate.Storage;

namespace Quorate.Cli.Serving;

/// <summary>One node from start to stop: in order with 0, or with one line that says why and 1.</summary>
internal sealed class ServeRun(ServeSettings settings, bool verbose, TextWriter error)
{
    private bool ShowsStacks => verbose || settings.LogLevel <= LogLevel.Debug;

    public async Task<int> RunAsync(int? parentPid, CancellationToken cancellationToken)
    {
        InlineSockets.Prefer();
        using var loggers = LoggerFactory.Create(
            builder => builder.AddQuorateConsole(settings.LogLevel, settings.LogFormat, ShowsStacks));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var signals = new StopSignals(stop.Cancel);
        var parentGone = parentPid is { } pid
            ? ParentWatch.WaitForEndAsync(pid, stop.Token)
            : Task.Delay(Timeout.Infinite, stop.Token);
        try
        {
            var server = await QuorateServer.StartAsync(
                ServeOptions.ToServer(settings), ServeOptions.ToMember(settings), loggers, meters: null, stop.Token);
            await Task.WhenAny(server.Stopped, parentGone);
            if (server.Stopped.Exception is { } failed)
            {
                // A node whose disk or state is in doubt does nothing more, least of all a stop in order: the
                // process is the unit of failure.
                return Refuse(failed.InnerException ?? failed);
            }

            await server.StopAsync();
            return ExitCodes.Ok;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }
        catch (Exception e) when (IsExpected(e))
        {
            return Refuse(e);
        }
    }

    private static bool IsExpected(Exception e) =>
        e is CommandException or MemberStartException or StorageException or IOException or ArgumentException
            or UnauthorizedAccessException or InvariantViolationException;

    private int Refuse(Exception fault)
    {
        error.WriteLine($"quorate serve: {LogText.OneLine(StartFault.Explain(fault, settings))}");
        if (ShowsStacks)
        {
            error.WriteLine(fault);
        }

        return ExitCodes.Error;
    }
}
