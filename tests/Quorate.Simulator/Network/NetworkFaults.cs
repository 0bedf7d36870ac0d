namespace Quorate.Simulator;

/// <summary>What the network does to messages at the moment. Cut links are the network's own matrix.</summary>
internal sealed class NetworkFaults
{
    /// <summary>Chance that a frame never arrives.</summary>
    public double LossChance { get; set; }

    /// <summary>Chance that a frame arrives a second time, later.</summary>
    public double DuplicateChance { get; set; }

    /// <summary>Chance that a frame takes a delay of its own and is overtaken.</summary>
    public double ReorderChance { get; set; }

    public long DelayMinUs { get; set; } = 100;

    public double DelayMeanUs { get; set; } = 100;

    /// <summary>Bytes that one direction of a connection holds; more is refused.</summary>
    public int QueueBytesMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>Chance that what a connection is given ends it.</summary>
    public double ResetChance { get; set; }

    public void Heal()
    {
        LossChance = DuplicateChance = ReorderChance = ResetChance = 0;
        DelayMinUs = 100;
        DelayMeanUs = 100;
        QueueBytesMax = 4 * 1024 * 1024;
    }
}
