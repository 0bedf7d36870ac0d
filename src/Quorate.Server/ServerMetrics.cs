using System.Diagnostics.Metrics;
using Quorate.Server.Http;

namespace Quorate.Server;

/// <summary>What the client side counts.</summary>
internal sealed class ServerMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Quorate.Server";

    private readonly Meter _meter;
    private readonly bool _owned;
    private readonly Histogram<double> _requestDuration;

    /// <summary>Makes the instruments; without a factory they are still seen by a process-wide listener.</summary>
    public ServerMetrics(IMeterFactory? meterFactory)
    {
        _owned = meterFactory is null;
        _meter = meterFactory?.Create(MeterName) ?? new Meter(MeterName);
        _requestDuration = _meter.CreateHistogram<double>(
            "quorate.server.request.duration", unit: "s", description: "Time to answer one request of a client.");
    }

    /// <summary>A request was answered.</summary>
    public void RequestAnswered(Route route, int status, TimeSpan elapsed)
    {
        if (_requestDuration.Enabled)
        {
            _requestDuration.Record(
                elapsed.TotalSeconds,
                new KeyValuePair<string, object?>("route", route.ToString().ToLowerInvariant()),
                new KeyValuePair<string, object?>("status", status));
        }
    }

    /// <summary>A factory disposes the meters it made.</summary>
    public void Dispose()
    {
        if (_owned)
        {
            _meter.Dispose();
        }
    }
}
