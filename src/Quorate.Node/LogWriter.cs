using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>
/// Takes the core's writes to the log, one frame and one sync at a time: what queues while a sync runs goes into
/// the next frame together. Holds the responses that may only leave after a write, and lets them go from the
/// completion, before the loop even hears of it.
/// </summary>
/// <remarks>
/// Laws: frame n+1 is submitted only after the sync of n has returned; a held message leaves only when every write
/// it waits for is durable; nothing else can send a held message, because only this list has it.
/// Called by the node loop and by the disk's completion; one lock keeps them apart.
/// </remarks>
internal sealed class LogWriter : ILogDiskListener
{
    private const long BatchBytesMax = 1024 * 1024;
    private readonly Lock _gate = new();
    private readonly Queue<PendingWrite> _waiting = new();
    private readonly Queue<HeldMessage> _held = new();
    private readonly List<Message> _released = [];
    private readonly WalBatch _batch = new();
    private readonly Wal _wal;
    private readonly IHeldSender _sender;
    private readonly Inbox _inbox;
    private readonly NodeMetrics _metrics;
    private readonly int _sealTicks;
    private ILogDisk? _disk;
    private WriteId _persisted;
    private bool _writing;
    private bool _noRoom;
    private int _idleTicks;
    private long _syncs;

    /// <param name="wal">The log.</param>
    /// <param name="sender">Where released messages go; called from the disk's completion.</param>
    /// <param name="inbox">Where completions go.</param>
    /// <param name="metrics">What is counted.</param>
    /// <param name="sealTicks">An idle log is sealed after so many ticks.</param>
    public LogWriter(Wal wal, IHeldSender sender, Inbox inbox, NodeMetrics metrics, int sealTicks)
    {
        _wal = wal;
        _sender = sender;
        _inbox = inbox;
        _metrics = metrics;
        _sealTicks = sealTicks;
    }

    /// <summary>Writes synced since the start of the process.</summary>
    public long Syncs => Interlocked.Read(ref _syncs);

    /// <summary>Writes wait because no segment has room and none can be made: refuse proposals, try again.</summary>
    public bool NoSpace
    {
        get
        {
            lock (_gate)
            {
                return _noRoom && _wal.NoRoom;
            }
        }
    }

    /// <summary>Says which disk to use; once, before the first write.</summary>
    public void Attach(ILogDisk disk) => _disk = disk;

    /// <summary>Takes one write. Its records stay untouched until it is persisted.</summary>
    public void Enqueue(LogWrite write, EntryHeader[] headers, ReadOnlyMemory<byte>[] records, LogIndex commit)
    {
        lock (_gate)
        {
            _waiting.Enqueue(new PendingWrite(write, headers, records, commit));
            TryStart();
        }
    }

    /// <summary>Keeps messages until every write up to <paramref name="until"/> is durable.</summary>
    public void Hold(IReadOnlyList<Message> messages, WriteId until)
    {
        lock (_gate)
        {
            foreach (var message in messages)
            {
                _held.Enqueue(new HeldMessage(message, until));
            }

            Release();
        }
    }

    /// <summary>
    /// A tick has passed: tries again where there was no room, and seals an idle log, with what is committed by now.
    /// </summary>
    public void Tick(LogIndex commit)
    {
        lock (_gate)
        {
            _idleTicks = _writing || !_batch.IsEmpty ? 0 : _idleTicks + 1;
            if (_idleTicks >= _sealTicks && _wal.SealNeeded && _wal.TrySeal(commit, out var seal))
            {
                _idleTicks = 0;
                Submit(seal!);
                return;
            }

            TryStart();
        }
    }

    /// <summary>Entries up to here are in a durable snapshot and may go from the log.</summary>
    public void TrimPrefix(LogIndex upTo)
    {
        lock (_gate)
        {
            _wal.TrimPrefix(upTo);
        }
    }

    /// <inheritdoc/>
    public void Written(DiskWrite write)
    {
        lock (_gate)
        {
            _wal.Written(write);
            _writing = false;
            _batch.Clear();
            _persisted = write.UpTo > _persisted ? write.UpTo : _persisted;
            Interlocked.Increment(ref _syncs);
            _metrics.Synced(write.Records, write.Bytes);
            Release();
            TryStart();
        }

        _inbox.PostPersisted(write.UpTo);
    }

    /// <inheritdoc/>
    public void Failed(DiskWrite write, Exception fault) => _inbox.Post(new NodeInput.Fatal(fault));

    private void TryStart()
    {
        if (_writing)
        {
            return;
        }

        // After a frame that found no room the batch stays as it is, and what came since joins it.
        while (_batch.Bytes < BatchBytesMax && _waiting.TryDequeue(out var pending))
        {
            Merge(pending);
        }

        if (_batch.IsEmpty)
        {
            return;
        }

        _noRoom = !_wal.TryFrame(_batch, out var write);
        if (!_noRoom)
        {
            Submit(write!);
        }
    }

    private void Merge(in PendingWrite pending)
    {
        var (write, headers, records, commit) = pending;
        _batch.Begin(write.Id, write.HardState);
        if (write.Install is { } snapshot)
        {
            _batch.AddInstall(snapshot, write.KeepSuffix);
        }

        for (var i = 0; i < records.Length; i++)
        {
            _batch.Add(headers[i], records[i]);
        }

        _batch.CommitHint = commit;
    }

    private void Submit(DiskWrite write)
    {
        _writing = true;
        _disk!.Submit(write);
    }

    private void Release()
    {
        while (_held.TryPeek(out var held) && held.Until <= _persisted)
        {
            _released.Add(_held.Dequeue().Message);
        }

        if (_released.Count > 0)
        {
            _sender.SendHeld(_released);
            _released.Clear();
        }
    }

    private readonly record struct PendingWrite(
        LogWrite Write, EntryHeader[] Headers, ReadOnlyMemory<byte>[] Records, LogIndex Commit);

    private readonly record struct HeldMessage(Message Message, WriteId Until);
}

/// <summary>Sends what a durable write has released.</summary>
internal interface IHeldSender
{
    /// <summary>Sends all of them, in order, at once.</summary>
    void SendHeld(IReadOnlyList<Message> messages);
}
