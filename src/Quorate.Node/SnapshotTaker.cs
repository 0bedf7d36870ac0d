using System.Buffers;
using Quorate.Mvcc;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>
/// Writes our own state out beside the writes, a bounded step at a time. One at a time, and no faster than its share
/// of disk and processor: nothing waits for it, while clients wait for what it would hold up.
/// </summary>
internal sealed class SnapshotTaker(
    SnapshotDirectory directory, MemberOptions options, Inbox inbox, FactTeller facts)
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private StateSnapshot? _state;
    private SnapshotMetadata? _metadata;
    private SnapshotWriter? _writer;
    private long _allowance;
    private int _waitTicks;

    /// <summary>Whether a step would do something.</summary>
    public bool HasWork => _state is not null && _allowance > 0;

    /// <summary>Whether a new one may begin.</summary>
    public bool MayBegin => _state is null && _waitTicks == 0;

    public void Begin(StateSnapshot state, SnapshotMetadata metadata)
    {
        Invariant.Holds(_state is null, "one snapshot is taken at a time");
        _metadata = metadata;
        _state = state;
    }

    public void Tick()
    {
        _waitTicks = Math.Max(0, _waitTicks - 1);

        // What one tick left over is not saved up: a burst would hold others up after all.
        _allowance = Math.Min(_allowance, 0) + options.SnapshotBytesPerTick;
    }

    public void Step()
    {
        try
        {
            _writer ??= directory.Create(_metadata!);
            if (!_state!.WriteNext(_buffer, options.SnapshotStepBytes))
            {
                Complete();
                return;
            }

            _writer.Append(_buffer.WrittenSpan);
            _allowance -= _buffer.WrittenCount;
            _buffer.ResetWrittenCount();
        }
        catch (DiskFullException full)
        {
            // What is written goes; the log stays as it is, and the next batch after a while tries again.
            facts.SnapshotHadNoRoom(full);
            _waitTicks = options.ElectionTicks;
            End();
        }
    }

    private void Complete()
    {
        _writer!.Complete();
        var metadata = _metadata!;
        directory.Retain(options.SnapshotsRetained, metadata.Last.Index);
        facts.SnapshotTaken(metadata, _writer.BytesWritten);
        End();
        inbox.Post(new NodeInput.SnapshotTaken(metadata));
    }

    private void End()
    {
        _writer?.Dispose();
        _writer = null;
        _buffer.ResetWrittenCount();
        _metadata = null;
        _state!.Dispose();
        _state = null;
    }
}
