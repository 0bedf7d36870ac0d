using Quorate.Cli.Settings;

namespace Quorate.Cli.Spellings;

/// <summary>
/// From a start line to checked settings: the spelling is found by its flags, translates them, and the common reader
/// judges the result. One way for all of them.
/// </summary>
internal sealed class ServeStart
{
    private static readonly string[] Prefixes = ["QUORATE_", "ETCD_"];

    // A variable of these, or a config file, says in another spelling who the node is.
    private static readonly string[] SaysWhoItIs =
        ["name", "data-dir", "listen-client-urls", "listen-peer-urls", "initial-cluster", CommonFlags.ConfigFile];

    private static readonly string[] FileKeys =
    [
        .. new EtcdSpelling().Flags.Concat(CommonFlags.All)
            .Select(flag => flag.Name)
            .Where(name => name != CommonFlags.ConfigFile),
    ];

    private readonly EtcdSpelling _etcd = new();
    private readonly RaftdbSpelling _raftdb = new();
    private readonly PermazenSpelling _permazen = new();
    private readonly BalsaSpelling _balsa;
    private readonly SettingLayer[] _variables;
    private readonly Func<string?> _hostName;

    /// <param name="environment">The variables of the process.</param>
    /// <param name="hostName">The name of this machine, if it can be looked up.</param>
    public ServeStart(Func<string, string?> environment, Func<string?> hostName)
    {
        _balsa = new BalsaSpelling(environment);
        _variables = [.. Prefixes.Select(prefix => SettingSources.Environment(prefix, environment))];
        _hostName = hostName;
    }

    /// <summary>Every flag that <c>serve</c> knows.</summary>
    public static IReadOnlyList<ServeFlag> AllFlags { get; } =
    [
        .. new EtcdSpelling().Flags, .. new RaftdbSpelling().Flags, .. new PermazenSpelling().Flags, .. CommonFlags.All,
    ];

    /// <summary>Reads a start line.</summary>
    /// <param name="given">What stood on it.</param>
    /// <param name="faults">What is wrong with it, all of it; then the settings mean nothing.</param>
    public ServeSettings Read(GivenFlags given, out IReadOnlyList<string> faults)
    {
        var draft = new SettingDraft();
        foreach (var flag in CommonFlags.All)
        {
            draft.Set(flag.Name, given.Find(flag));
        }

        // A flag that means the same in another spelling is found to be said twice.
        _etcd.Translate(given, draft);
        Pick(given, draft)?.Translate(given, draft);
        var file = ReadConfigFile(draft);
        SettingLayer[] layers = [draft.Given, .. _variables, file?.Layer ?? (_ => null), draft.Defaults];
        var raw = new RawReader(new SettingSources(layers));
        var settings = new ServeSettingsReader(raw, draft, _hostName).Read();
        faults = [.. draft.Faults, .. file?.Faults ?? [], .. raw.Faults];
        return settings;
    }

    private ConfigFile? ReadConfigFile(SettingDraft draft)
    {
        SettingLayer[] layers = [draft.Given, .. _variables];
        return new SettingSources(layers).Find(CommonFlags.ConfigFile) is { } path
            ? ConfigFile.Read(path.Text, FileKeys)
            : null;
    }

    // The spelling beside etcd's; null for etcd's alone.
    private Spelling? Pick(GivenFlags given, SettingDraft draft)
    {
        var (raftdb, permazen) = (_raftdb.FirstUsed(given), _permazen.FirstUsed(given));
        if (raftdb is not null && permazen is not null)
        {
            draft.Fault(
                $"{raftdb} ({_raftdb.Owner}) and {permazen} ({_permazen.Owner}) are two spellings of one start: keep "
                + "to one of them");
            return null;
        }

        return raftdb is not null ? _raftdb
            : permazen is not null ? _permazen
            : _balsa.FirstUsed(given) is not null && !IsSaidElsewhere(given) ? _balsa
            : null;
    }

    private bool IsSaidElsewhere(GivenFlags given) =>
        given.FirstOf(AllFlags.Where(flag => SaysWhoItIs.Contains(flag.Name))) is not null
        || SaysWhoItIs.Any(name => _variables.Any(layer => layer(name) is not null));
}
