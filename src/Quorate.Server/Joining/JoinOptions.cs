using System.Globalization;

namespace Quorate.Server;

/// <summary>Whom a node asks to take it into their cluster, and how patiently.</summary>
public sealed record JoinOptions
{
    /// <summary>
    /// Client addresses of members, <c>host:port</c>, asked in turn; one without a host is on this machine. Empty: the
    /// node asks nobody.
    /// </summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>
    /// Under which addresses to ask to be added: the next one is tried when the cluster cannot reach this one. One
    /// without a host, <c>:12000</c>, stands for whatever address this node calls from.
    /// </summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The pause after the first round of questions without success; it doubles from round to round.</summary>
    public TimeSpan PauseMin { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause where it is a matter of time only.</summary>
    public TimeSpan PauseMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause after a refusal that somebody must do something about.</summary>
    public TimeSpan PauseWhenRefused { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one question may take: the cluster reaches this node before it answers.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a node that was told yes waits until it is a member, before it asks again.</summary>
    public TimeSpan SettleTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where a target is asked.</summary>
    /// <returns>Null, or what is wrong with the target.</returns>
    public static string? ParseTarget(string text, out Uri url)
    {
        ArgumentNullException.ThrowIfNull(text);
        url = new Uri("http://127.0.0.1/join");
        var trimmed = text.Trim().TrimEnd('/');
        var full = trimmed.StartsWith(':') ? $"http://127.0.0.1{trimmed}"
            : trimmed.Contains("://", StringComparison.Ordinal) ? trimmed
            : $"http://{trimmed}";
        if (ListenUrl.Parse(full, out var parsed) is not null || parsed.Port == 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"'{text}' is not HOST:PORT or :PORT");
        }

        url = new Uri($"{parsed}/join");
        return null;
    }

    internal IEnumerable<string> Faults() =>
        Targets.Select(target => ParseTarget(target, out _)).OfType<string>().Select(fault => $"join target {fault}");
}
