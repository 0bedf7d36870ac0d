using System.Diagnostics.Metrics;

namespace Quorate.Node;

/// <summary>What is counted of the talk with peers. Any thread may call.</summary>
public sealed class PeerMetrics
{
    private const string MeterName = "Quorate.Node";
    private const int ReasonsMax = (int)RefusedBecause.TooMany;
    private readonly long[] _refusals = new long[ReasonsMax + 1];
    private long _framesIn;
    private long _framesOut;
    private long _bytesIn;
    private long _bytesOut;
    private long _dropsIn;
    private long _dropsOut;
    private long _garbage;

    /// <summary>Counters that are shown by a meter of the factory, or by none when there is no factory.</summary>
    public PeerMetrics(IMeterFactory? meterFactory)
    {
        if (meterFactory is null)
        {
            return;
        }

        var meter = meterFactory.Create(MeterName);
        meter.CreateObservableCounter(
            "quorate.peer.frames", () => InAndOut(FramesIn, FramesOut), "{frame}", "Frames read and written.");
        meter.CreateObservableCounter(
            "quorate.peer.bytes", () => InAndOut(BytesIn, BytesOut), "By", "Bytes read and handed to the transport.");
        meter.CreateObservableCounter(
            "quorate.peer.drops", () => InAndOut(DropsIn, DropsOut), "{frame}",
            "Frames dropped: in, because the inbox was full; out, because there was no link or its output was full.");
        meter.CreateObservableCounter("quorate.peer.refusals", ByReason, "{handshake}", "Handshakes refused.");
        meter.CreateObservableCounter(
            "quorate.peer.garbage", () => Garbage, "{connection}", "Connections closed because of what came on them.");
    }

    /// <summary>Frames read.</summary>
    public long FramesIn => Interlocked.Read(ref _framesIn);

    /// <summary>Frames handed to the transport.</summary>
    public long FramesOut => Interlocked.Read(ref _framesOut);

    /// <summary>Bytes of frames read.</summary>
    public long BytesIn => Interlocked.Read(ref _bytesIn);

    /// <summary>Bytes handed to the transport.</summary>
    public long BytesOut => Interlocked.Read(ref _bytesOut);

    /// <summary>Frames read and not taken by the inbox.</summary>
    public long DropsIn => Interlocked.Read(ref _dropsIn);

    /// <summary>Frames not handed to the transport: no link, or its bound is reached.</summary>
    public long DropsOut => Interlocked.Read(ref _dropsOut);

    /// <summary>Connections closed because of what came on them.</summary>
    public long Garbage => Interlocked.Read(ref _garbage);

    /// <summary>Handshakes refused for this reason, by us or by the other side.</summary>
    public long Refusals(RefusedBecause because) => Interlocked.Read(ref _refusals[Slot(because)]);

    internal void FrameReceived(int bytes)
    {
        Interlocked.Increment(ref _framesIn);
        Interlocked.Add(ref _bytesIn, bytes);
    }

    internal void FramesSent(int frames, int bytes)
    {
        Interlocked.Add(ref _framesOut, frames);
        Interlocked.Add(ref _bytesOut, bytes);
    }

    internal void InboundDropped() => Interlocked.Increment(ref _dropsIn);

    internal void OutboundDropped(int frames) => Interlocked.Add(ref _dropsOut, frames);

    internal void GarbageReceived() => Interlocked.Increment(ref _garbage);

    internal void HandshakeRefused(RefusedBecause because) => Interlocked.Increment(ref _refusals[Slot(because)]);

    // A reason of a later version is counted in slot 0.
    private static int Slot(RefusedBecause because) => (int)because <= ReasonsMax ? (int)because : 0;

    private static Measurement<long>[] InAndOut(long inward, long outward) =>
    [
        new(inward, new KeyValuePair<string, object?>("direction", "in")),
        new(outward, new KeyValuePair<string, object?>("direction", "out")),
    ];

    private IEnumerable<Measurement<long>> ByReason() => Enum.GetValues<RefusedBecause>()
        .Select(because => new Measurement<long>(
            Refusals(because), new KeyValuePair<string, object?>("reason", because.ToString())));
}
