namespace Quorate.Cli.Cluster;

/// <summary>How long catching up still takes, from what changed between two looks.</summary>
internal sealed class CatchUpEstimate
{
    private (long Bytes, TimeSpan At)? _last;

    /// <summary>The time left; null after the first look, and while nothing becomes less.</summary>
    /// <param name="bytesLeft">What is missing now.</param>
    /// <param name="at">When that was seen.</param>
    public TimeSpan? Observe(long bytesLeft, TimeSpan at)
    {
        var before = _last;
        _last = (bytesLeft, at);
        if (before is not { } last || at <= last.At || bytesLeft >= last.Bytes)
        {
            return null;
        }

        return (at - last.At) * ((double)bytesLeft / (last.Bytes - bytesLeft));
    }
}
