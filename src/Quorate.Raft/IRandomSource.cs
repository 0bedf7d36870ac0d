namespace Quorate.Raft;

/// <summary>
/// The one source of chance: election jitter, boot nonces, ids. Seeded in tests and in the simulator.
/// </summary>
public interface IRandomSource
{
    /// <summary>The next 64 random bits.</summary>
    ulong Next();
}
