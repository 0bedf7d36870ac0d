using System.Globalization;
using Quorate.Cli.Settings;

namespace Quorate.Cli.Spellings;

/// <summary>
/// balsa's start: no flags, but four variables that go together. Everything is on 127.0.0.1, and the node begins alone.
/// </summary>
internal sealed class BalsaSpelling(Func<string, string?> environment) : Spelling
{
    private static readonly string[] Variables =
        ["HTTP_SERVER_PORT", "RAFT_SERVER_PORT", "RAFT_NODE_ID", "RAFT_VOLUME_DIR"];

    public override string Owner => "balsa";

    /// <summary>None: what it has is in the environment.</summary>
    public override IReadOnlyList<ServeFlag> Flags => [];

    public override string? FirstUsed(GivenFlags given) => Variables.FirstOrDefault(name => Find(name) is not null);

    public override void Translate(GivenFlags given, SettingDraft draft)
    {
        draft.Set("listen-client-urls", FindPort("HTTP_SERVER_PORT", draft));
        draft.Set("listen-peer-urls", FindPort("RAFT_SERVER_PORT", draft));
        draft.Set("name", Find("RAFT_NODE_ID"));
        draft.Set("data-dir", Find("RAFT_VOLUME_DIR"));
        draft.Default("compat", "balsa", "--compat");
        var missing = Variables.Where(name => Find(name) is null).ToArray();
        if (missing.Length > 0)
        {
            draft.Fault(
                $"{FirstUsed(given)} is set, and {string.Join(", ", missing)} {(missing.Length == 1 ? "is" : "are")} "
                + "not: the four go together");
        }
    }

    private RawSetting? Find(string variable) =>
        environment(variable) is { Length: > 0 } text ? new RawSetting(text, variable) : null;

    private RawSetting? FindPort(string variable, SettingDraft draft)
    {
        if (Find(variable) is not { } raw)
        {
            return null;
        }

        if (ushort.TryParse(raw.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0)
        {
            return new RawSetting(new HostPort("127.0.0.1", port).Url, variable);
        }

        draft.Fault($"{variable} '{raw.Text}' is not a port from 1 to 65535");
        return null;
    }
}
