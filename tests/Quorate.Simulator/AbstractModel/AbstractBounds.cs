namespace Quorate.Simulator;

/// <summary>How far the exploration goes.</summary>
internal sealed record AbstractBounds(ulong TermMax, int EntriesMax, int WritesMax, bool WithDuplicates)
{
    /// <summary>
    /// Three nodes, two terms, three entries, four messages in flight, two writes on the way to a disk.
    /// </summary>
    public static AbstractBounds Full { get; } = new(TermMax: 2, EntriesMax: 3, WritesMax: 2, WithDuplicates: true);

    /// <summary>The same with one change of the configuration and one write on its way, without doubles.</summary>
    public static AbstractBounds Changing { get; } = new(TermMax: 2, EntriesMax: 3, WritesMax: 1, WithDuplicates: false)
    {
        Change = AbstractChange.Joint,
    };

    /// <summary>How the configuration may change.</summary>
    public AbstractChange Change { get; init; }
}

/// <summary>How the configuration of the abstract cluster may change.</summary>
internal enum AbstractChange
{
    /// <summary>Never.</summary>
    None,

    /// <summary>In two steps (thesis 4.3).</summary>
    Joint,

    /// <summary>In one step, although the two majorities need not meet: the explorer must find out.</summary>
    AtOnce,
}
