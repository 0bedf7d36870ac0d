namespace Quorate.Cli.Cluster;

/// <summary>
/// How long catching up still takes, from what changed between two looks that are far enough apart: entries arrive in
/// bursts.
/// </summary>
internal sealed class CatchUpEstimate
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    // What takes longer is as good as standing still.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);
    private (long Bytes, TimeSpan At)? _last;
    private TimeSpan? _left;

    /// <summary>The time left; null before it can be known, and while nothing becomes less.</summary>
    /// <param name="bytesLeft">What is missing now.</param>
    /// <param name="at">When that was seen.</param>
    public TimeSpan? Observe(long bytesLeft, TimeSpan at)
    {
        if (_last is not { } last)
        {
            _last = (bytesLeft, at);
        }
        else if (at - last.At >= Apart)
        {
            _last = (bytesLeft, at);
            var seconds = bytesLeft < last.Bytes
                ? (at - last.At).TotalSeconds * bytesLeft / (last.Bytes - bytesLeft)
                : double.PositiveInfinity;
            _left = seconds <= Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
        }

        return _left;
    }
}
