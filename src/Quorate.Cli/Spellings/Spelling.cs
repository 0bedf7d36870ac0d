using Quorate.Cli.Settings;

namespace Quorate.Cli.Spellings;

/// <summary>
/// One system's way of writing the start line. It turns its own flags into the common settings, and nothing more: what
/// a setting may be is judged once, for all of them.
/// </summary>
internal abstract class Spelling
{
    /// <summary>Whose it is, for messages.</summary>
    public abstract string Owner { get; }

    /// <summary>Its own flags.</summary>
    public abstract IReadOnlyList<ServeFlag> Flags { get; }

    /// <summary>The first of its own flags on this line, as it is written; null when there is none.</summary>
    public virtual string? FirstUsed(GivenFlags given) => given.FirstOf(Flags)?.Written;

    /// <summary>Turns what was given into common settings.</summary>
    public abstract void Translate(GivenFlags given, SettingDraft draft);

    /// <summary>What was given for one of its flags.</summary>
    protected RawSetting? Find(GivenFlags given, string name) => given.Find(Flags.First(flag => flag.Name == name));

    /// <summary>A list of members and a node that begins alone, or asks to be added, do not go together.</summary>
    protected void RefuseStartList(GivenFlags given, SettingDraft draft)
    {
        if (given.FirstOf(EtcdSpelling.StartListFlags) is { } listed)
        {
            draft.Fault(
                $"{listed.Written} does not go with {FirstUsed(given)} ({Owner}): such nodes are added one by one, "
                + "by --join or afterwards");
        }
    }
}
