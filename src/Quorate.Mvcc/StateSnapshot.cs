using System.Buffers;

namespace Quorate.Mvcc;

/// <summary>
/// A snapshot being written: begun in O(1) by the writer, then drained from one other thread beside the writes. Its
/// bytes are identical on all replicas at an equal index; see docs/format/state.md.
/// </summary>
public sealed class StateSnapshot : IDisposable
{
    internal StateSnapshot()
    {
    }

    /// <summary>The last entry in the snapshot.</summary>
    public AppliedId Applied => throw new NotSupportedException();

    /// <summary>The store's revision in the snapshot.</summary>
    public Revision Revision => throw new NotSupportedException();

    /// <summary>The rolling hash at that entry.</summary>
    public ulong Hash => throw new NotSupportedException();

    /// <summary>
    /// Writes the next bytes, about <paramref name="bytesMax"/> of them: one record is never split, and a call that
    /// only skips compacted records writes none.
    /// </summary>
    /// <returns>False when nothing is left; such a call has written nothing.</returns>
    public bool WriteNext(IBufferWriter<byte> target, int bytesMax) => throw new NotSupportedException();

    /// <summary>Lets go of the snapshot's memory.</summary>
    public void Dispose() => throw new NotSupportedException();
}
