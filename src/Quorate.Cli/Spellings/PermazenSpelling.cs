using System.Globalization;
using Quorate.Cli.Settings;

namespace Quorate.Cli.Spellings;

/// <summary>
/// Permazen's start line: <c>--raft-dir D --raft-identity X --raft-address A[:P] --arraydb D2</c>. The node belongs to
/// no cluster until it is told to begin one, or one takes it.
/// </summary>
internal sealed class PermazenSpelling : Spelling
{
    private const int DefaultPort = 9660;

    // Its commit timeout, which no flag of its sets.
    private static readonly TimeSpan CommitTimeout = TimeSpan.FromMilliseconds(5000);

    public override string Owner => "Permazen";

    public override IReadOnlyList<ServeFlag> Flags { get; } =
    [
        new("raft-dir", "DIR", "Where the data is kept; also --raft."),
        new("raft", "DIR", "The same as --raft-dir."),
        new("raft-identity", "NAME", "Name of this member."),
        new("raft-address", "HOST[:PORT]", "Where members are served. [default: every address]"),
        new("raft-port", "PORT", "The port of it, before that of --raft-address. [default: 9660]"),
        new("raft-min-election-timeout", "MS", "Shortest silence before an election. [default: 750]"),
        new("raft-max-election-timeout", "MS", "Longest silence before an election. [default: 1000]"),
        new("raft-heartbeat-timeout", "MS", "Time between heartbeats. [default: 200]"),
        new("arraydb", "DIR", "Taken and not used: the data lives in --raft-dir; also --array."),
        new("array", "DIR", "The same as --arraydb."),
        ServeFlag.Switch("kv-mode", "Taken: a node has no other mode."),
    ];

    public override void Translate(GivenFlags given, SettingDraft draft)
    {
        draft.Set("data-dir", Find(given, "raft-dir"));
        draft.Set("data-dir", Find(given, "raft"));
        draft.Set("name", Find(given, "raft-identity"));
        draft.Set("listen-peer-urls", Address(given, draft));
        draft.Set("election-timeout", Find(given, "raft-min-election-timeout"));
        draft.Set("election-timeout-max", Find(given, "raft-max-election-timeout"));
        draft.Set("heartbeat-interval", Find(given, "raft-heartbeat-timeout"));
        draft.Default("listen-peer-urls", new HostPort("::", DefaultPort).Url, "--raft-address");
        draft.Default("election-timeout", "750", "--raft-min-election-timeout");
        draft.Default("election-timeout-max", "1000", "--raft-max-election-timeout");
        draft.Default("heartbeat-interval", "200", "--raft-heartbeat-timeout");
        draft.Need("name", "--raft-identity is missing: every node needs a name of its own");
        draft.Need("data-dir", "--raft-dir is missing: say where the data is kept");
        draft.StartsUnconfigured = true;
        draft.GuessesHost = true;
        draft.KeepsClientPort = true;
        draft.RequestTimeout = CommitTimeout;
        foreach (var unused in new[] { "arraydb", "array" })
        {
            if (Find(given, unused) is { } raw)
            {
                draft.Note($"{raw.Source} {raw.Text} is not used: the data lives in the Raft directory.");
            }
        }

        RefuseStartList(given, draft);
    }

    // The port of the address counts unless there is one of its own, as in Permazen.
    private RawSetting? Address(GivenFlags given, SettingDraft draft)
    {
        var (address, port) = (Find(given, "raft-address"), Find(given, "raft-port"));
        var number = DefaultPort;
        if (port is { } raw
            && !(int.TryParse(raw.Text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
                && number is > 0 and <= ushort.MaxValue))
        {
            draft.Fault($"{raw.Source} '{raw.Text}' is not a port from 1 to {ushort.MaxValue}");
            return null;
        }

        if (address is null)
        {
            return port is { } alone ? new RawSetting(new HostPort("::", number).Url, alone.Source) : null;
        }

        if (HostPort.Parse(address.Value.Text, DefaultPort, out var found) is { } fault)
        {
            draft.Fault($"{address.Value.Source} {fault}");
            return null;
        }

        return new RawSetting((port is null ? found : found with { Port = number }).Url, address.Value.Source);
    }
}
