using Quorate.Mvcc;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>Loads a snapshot into a fresh state machine, a bounded step at a time, beside the one in use.</summary>
internal sealed class SnapshotInstaller(SnapshotReader reader, StateLoader loader, int stepBytes) : IDisposable
{
    private readonly byte[] _buffer = new byte[stepBytes];

    /// <summary>What is being loaded.</summary>
    public SnapshotMetadata Metadata => reader.Metadata;

    /// <summary>Feeds the next bytes; true when there are no more.</summary>
    public bool Step()
    {
        var read = reader.ReadNext(_buffer);
        loader.Feed(_buffer.AsSpan(0, read));
        return read == 0;
    }

    /// <summary>Hands the state machine over; ends the loading.</summary>
    public StateMachine Complete()
    {
        var machine = loader.Complete();
        Invariant.Holds(
            machine.Applied.Index == Metadata.Last.Index.Value, "a snapshot's state stands where its name says");
        Dispose();
        return machine;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        loader.Dispose();
        reader.Dispose();
    }
}
