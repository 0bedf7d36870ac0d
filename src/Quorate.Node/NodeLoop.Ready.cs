using Quorate.Raft;

namespace Quorate.Node;

/// <summary>What is done: a <see cref="Ready"/> taken apart, each list by when it may be acted on.</summary>
internal sealed partial class NodeLoop
{
    private readonly List<ReadOnlyMemory<byte>> _records = [];
    private WriteId _persisted;
    private LogIndex _applied;
    private ulong _lastApplyBatch;
    private (WriteId Write, SnapshotMetadata Snapshot)? _install;

    private void Execute(Ready ready)
    {
        Tell(ready.Facts);
        MakeCoreEntries(_core.Last.Index);

        SendAppends(ready);
        foreach (var message in ready.Messages)
        {
            _peers.Send(message);
        }

        if (ready.Write is { } write)
        {
            Write(write, ready.Install);
        }

        if (ready.HeldMessages.Count > 0)
        {
            _logWriter.Hold(ready.HeldMessages, ready.HeldUntil);
        }

        // Installed only now, so that the tables come before any later entry in the apply queue.
        StartInstallIfDurable();
        Apply(ready.Committed);
        Answer(ready);
        foreach (var snapshot in ready.Snapshots)
        {
            _snapshots.Send(snapshot);
        }
    }

    private void SendAppends(Ready ready)
    {
        foreach (var append in ready.Appends)
        {
            if (TryResolve(append))
            {
                _peers.SendAppend(append, _records);
            }
            else
            {
                _background.ReadRange(append);
            }
        }
    }

    private bool TryResolve(in AppendToSend append)
    {
        _records.Clear();
        if (append.Range.IsEmpty)
        {
            return true;
        }

        for (var index = append.Range.First; index <= append.Range.Last; index = index.Next)
        {
            if (!_arena.TryGet(index, out var record))
            {
                return false;
            }

            _records.Add(record);
        }

        return true;
    }

    // Sent only if we still lead that term: then what was read is still what our log holds there.
    private void SendRange(AppendToSend append, IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        if (_core.Term != append.Term || _core.Leader != _identity.Self)
        {
            return;
        }

        var end = append.Range.First + (records.Count - 1);
        if (end < _core.First)
        {
            // A snapshot took them from the log while they were read.
            _core.RangeGone(append.To);
            return;
        }

        var last = _core.HeaderAt(end).Id;
        var commit = LogIndex.Min(append.Commit, last.Index);
        _peers.SendAppend(append with { Last = last, Commit = commit }, records);
    }

    private void Write(LogWrite write, SnapshotMetadata? install)
    {
        if (install is not null)
        {
            // A newer one may come before the marker of the last is durable: it holds all that the last one held, and
            // the core has handed nothing to apply between them.
            _install = (write.Id, install);
        }

        var count = write.Entries.Count;
        var headers = count == 0 ? [] : new EntryHeader[count];
        var records = count == 0 ? [] : new ReadOnlyMemory<byte>[count];
        for (var i = 0; i < count; i++)
        {
            headers[i] = _core.HeaderAt(write.Entries.First + i);
            var found = _arena.TryGet(headers[i].Id, out records[i]);
            Invariant.Holds(found, "an entry that is not durable lies in the arena");
        }

        if (count > 0)
        {
            _arena.HandedToDisk(write.Id, write.Entries);
        }

        _logWriter.Enqueue(write, headers, records, _core.Commit);
    }

    private void StartInstallIfDurable()
    {
        if (_install is not { } install || install.Write > _persisted)
        {
            return;
        }

        _install = null;
        _proposals.SnapshotPassed(install.Snapshot.Last.Index, _completions);
        _logWriter.TrimPrefix(install.Snapshot.Last.Index);
        _apply.Install(install.Snapshot);
    }

    private void Apply(EntryRange committed)
    {
        if (committed.IsEmpty)
        {
            return;
        }

        var batch = _apply.Rent(committed, ++_lastApplyBatch);
        for (var index = committed.First; index <= committed.Last; index = index.Next)
        {
            if (!_arena.TryGet(index, out var record))
            {
                // Older than the cache, as after a start: apply reads it from the log.
                batch.Records.Clear();
                break;
            }

            batch.Records.Add(record);
        }

        if (batch.Records.Count > 0)
        {
            _arena.HandedToApply(batch.Number, committed);
        }

        _apply.Enqueue(batch);
    }

    private void Answer(Ready ready)
    {
        foreach (var read in ready.Reads)
        {
            if (read.Refused is { } reason)
            {
                _reads.Refused(read.Id, Explain(reason), _readsToAsk, _completions);
            }
            else
            {
                _reads.Confirmed(read.Id, read.Index, _completions);
            }
        }

        foreach (var refused in ready.Refused)
        {
            foreach (var id in refused.Proposals)
            {
                if (_proposals.IsOurs(id))
                {
                    _proposals.Refuse(id, refused.Reason, _completions);
                }
            }
        }
    }

    private void Tell(IReadOnlyList<RaftFact> facts)
    {
        foreach (var fact in facts)
        {
            FactHappened?.Invoke(fact);
            if (_facts.Tell(fact))
            {
                PublishStatus();
            }
        }
    }
}
