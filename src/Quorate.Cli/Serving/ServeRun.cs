using Microsoft.Extensions.Logging;
using Quorate.Cli.Logging;
using Quorate.Cli.Settings;
using Quorate.Node;
using Quorate.Raft;
using Quorate.Server;
using Quorate.Storage;

namespace Quorate.Cli.Serving;

/// <summary>One node from start to stop: in order with 0, or with one line that says why and 1.</summary>
internal sealed class ServeRun(ServeSettings start, bool verbose, TextWriter error)
{
    private ServeSettings _settings = start;

    private bool ShowsStacks => verbose || _settings.LogLevel <= LogLevel.Debug;

    public async Task<int> RunAsync(int? parentPid, CancellationToken cancellationToken)
    {
        InlineSockets.Prefer();
        using var loggers = LoggerFactory.Create(
            builder => builder.AddQuorateConsole(_settings.LogLevel, _settings.LogFormat, ShowsStacks));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var signals = new StopSignals(stop.Cancel);
        var parentGone = parentPid is { } pid
            ? ParentWatch.WaitForEndAsync(pid, stop.Token)
            : Task.Delay(Timeout.Infinite, stop.Token);
        try
        {
            var server = await StartAsync(loggers, stop.Token);
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

    private async Task<QuorateServer> StartAsync(ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger("Quorate.Cli");
        foreach (var note in _settings.Notes)
        {
            logger.StartLineNote(note);
        }

        var port = _settings.KeepsClientPort ? KeptClientPort.Choose(_settings) : null;
        _settings = port?.ApplyTo(_settings) ?? _settings;
        var server = await QuorateServer.StartAsync(
            ServeOptions.ToServer(_settings), ServeOptions.ToMember(_settings), loggers, meters: null,
            cancellationToken);
        if (port is not null)
        {
            await KeepAsync(port, server, logger);
        }

        return server;
    }

    private static async Task KeepAsync(KeptClientPort port, QuorateServer server, ILogger logger)
    {
        var kept = false;
        try
        {
            port.Keep();
            kept = true;
        }
        finally
        {
            if (!kept)
            {
                await server.StopAsync();
            }
        }

        if (port.WhyMoved is { } why)
        {
            logger.ClientPortMoved(why);
        }

        logger.ClientPortKept(port.Port);
    }

    private static bool IsExpected(Exception e) =>
        e is CommandException or MemberStartException or StorageException or IOException or ArgumentException
            or UnauthorizedAccessException or InvariantViolationException;

    private int Refuse(Exception fault)
    {
        error.WriteLine($"quorate serve: {LogText.OneLine(StartFault.Explain(fault, _settings))}");
        if (ShowsStacks)
        {
            error.WriteLine(fault);
        }

        return ExitCodes.Error;
    }
}
