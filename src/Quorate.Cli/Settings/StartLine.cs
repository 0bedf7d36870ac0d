namespace Quorate.Cli.Settings;

/// <summary>One member of <c>--initial-cluster</c>.</summary>
internal sealed record StartLine(string Name, IReadOnlyList<string> PeerUrls);
