using Quorate.Cli.Settings;

namespace Quorate.Cli.Spellings;

/// <summary>
/// raftdb's, hraftd's and EASC's start line: <c>-id X -haddr H -raddr R [-join T] [-inmem] DIR</c>. The node begins
/// alone, or asks to be added.
/// </summary>
internal sealed class RaftdbSpelling : Spelling
{
    public const string Directory = "DIR";

    public override string Owner => "raftdb, hraftd, EASC";

    public override IReadOnlyList<ServeFlag> Flags { get; } =
    [
        new("id", "NAME", "Name of this member. [default: its Raft address]") { Dashes = "-" },
        new("haddr", "HOST:PORT", "Where clients are served. [default: localhost:11000]") { Dashes = "-" },
        new("raddr", "HOST:PORT", "Where members are served. [default: localhost:12000]") { Dashes = "-" },
        ServeFlag.Switch("inmem", "The same as --in-memory; DIR may then be left out.") with { Dashes = "-" },
    ];

    public override string? FirstUsed(GivenFlags given) =>
        base.FirstUsed(given) ?? (given.Directory is null ? null : Directory);

    public override void Translate(GivenFlags given, SettingDraft draft)
    {
        draft.Set("name", Find(given, "id"));
        draft.SetAddress("listen-client-urls", Find(given, "haddr"));
        draft.SetAddress("listen-peer-urls", Find(given, "raddr"));
        draft.Set("in-memory", Find(given, "inmem"));
        draft.Set("data-dir", given.Directory is { } directory ? new RawSetting(directory, Directory) : null);
        draft.Default("listen-client-urls", "http://localhost:11000", "-haddr");
        draft.Default("listen-peer-urls", "http://localhost:12000", "-raddr");
        draft.Default("compat", "raftdb", "--compat");
        draft.Need("data-dir", "no directory is given: name one at the end of the line, or give -inmem");
        draft.IsNamedByAddress = true;
        draft.GuessesHost = true;
        RefuseStartList(given, draft);
    }
}
