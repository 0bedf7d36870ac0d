namespace Quorate.Cli.Settings;

/// <summary>
/// What one start line says, in the common settings: a spelling fills it from its own flags. What is not said here is
/// looked for in the environment and the config file; what is not found there is taken from <see cref="Defaults"/>.
/// </summary>
internal sealed class SettingDraft
{
    private readonly Dictionary<string, RawSetting> _given = [];
    private readonly Dictionary<string, RawSetting> _defaults = [];
    private readonly List<string> _faults = [];
    private readonly List<string> _notes = [];
    private readonly List<(string Setting, string Words)> _needs = [];

    /// <summary>What is wrong with the line.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>What the operator should know, a sentence each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Settings without a default, and what to say when they are not found.</summary>
    public IReadOnlyList<(string Setting, string Words)> Needs => _needs;

    /// <summary>Without <c>--bootstrap</c>, a new node of this spelling waits to be taken into a cluster.</summary>
    public bool StartsUnconfigured { get; set; }

    /// <summary>A node without a name is called after its Raft address.</summary>
    public bool IsNamedByAddress { get; set; }

    /// <summary>A node that listens on every address is reached under the name of its machine.</summary>
    public bool GuessesHost { get; set; }

    /// <summary>Clients are served on loopback at a port that is kept in the data directory.</summary>
    public bool KeepsClientPort { get; set; }

    /// <summary>How long a request may take that does not say; null for what the server takes by itself.</summary>
    public TimeSpan? RequestTimeout { get; set; }

    /// <summary>What was said on the line.</summary>
    public SettingLayer Given => name => _given.TryGetValue(name, out var raw) ? raw : null;

    /// <summary>What this spelling takes where nothing is said.</summary>
    public SettingLayer Defaults => name => _defaults.TryGetValue(name, out var raw) ? raw : null;

    /// <summary>Takes a setting that was given.</summary>
    public void Set(string setting, RawSetting? given)
    {
        if (given is not { } raw)
        {
            return;
        }

        if (!_given.TryAdd(setting, raw))
        {
            Fault($"{_given[setting].Source} and {raw.Source} say the same: give one of them");
        }
    }

    /// <summary>Takes an address that was given as <c>host:port</c>, and is a setting that holds URLs.</summary>
    public void SetAddress(string setting, RawSetting? given)
    {
        if (given is not { } raw)
        {
            return;
        }

        if (HostPort.Parse(raw.Text, portWhereNone: null, out var address) is { } fault)
        {
            Fault($"{raw.Source} {fault}");
            return;
        }

        Set(setting, new RawSetting(address.Url, raw.Source));
    }

    /// <summary>Takes a default; <paramref name="flag"/> is what sets it in this spelling.</summary>
    public void Default(string setting, string text, string flag) => _defaults[setting] = new RawSetting(text, flag);

    /// <summary>A setting that must be found somewhere.</summary>
    public void Need(string setting, string words) => _needs.Add((setting, words));

    /// <summary>What is wrong.</summary>
    public void Fault(string words) => _faults.Add(words);

    /// <summary>What should be known.</summary>
    public void Note(string words) => _notes.Add(words);
}
