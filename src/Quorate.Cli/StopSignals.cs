using System.Runtime.InteropServices;

namespace Quorate.Cli;

/// <summary>Turns SIGINT, SIGTERM and SIGHUP into a call, instead of the end of the process.</summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals(Action stop) => _registrations =
    [
        .. Signals.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop();
        })),
    ];

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }
}
