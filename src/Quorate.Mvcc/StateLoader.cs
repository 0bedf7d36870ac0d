namespace Quorate.Mvcc;

/// <summary>Builds a state machine from a snapshot's bytes, fed in pieces of any size; see docs/format/state.md.</summary>
public sealed class StateLoader : IDisposable
{
    /// <summary>A loader that has seen nothing yet.</summary>
    public StateLoader(StateMachineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
    }

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="StateFormatException">They are damaged, or of a table or version not known here.</exception>
    public void Feed(ReadOnlySpan<byte> bytes) => throw new NotSupportedException();

    /// <summary>Ends the loading and hands over the state machine; called once.</summary>
    /// <exception cref="StateFormatException">The snapshot is cut or its checksum is wrong.</exception>
    public StateMachine Complete() => throw new NotSupportedException();

    /// <summary>Lets go of everything that was not handed over.</summary>
    public void Dispose() => throw new NotSupportedException();
}
