using Quorate.Raft;

namespace Quorate.Storage.Tests;

/// <summary>Long random lives of a log, with crashes at any time, against the plain twin.</summary>
public sealed class WalRandomTests
{
    [Fact]
    public void Whatever_happened_the_log_is_what_was_acknowledged_or_that_and_the_frame_under_way()
    {
        for (var seed = 1; seed <= 15; seed++)
        {
            new Life(seed).Run(steps: 80);
        }
    }

    private sealed class Life(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly WalHarness _log = new(segmentBytes: 4096, spares: seed % 3);
        private ulong _term = 1;

        public void Run(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                switch (_random.Next(10))
                {
                    case < 5:
                        FillBatch();
                        _log.Write();
                        break;
                    case 5:
                        Trim();
                        break;
                    case 6:
                        Seal();
                        break;
                    case 7:
                        _log.Disk.Kill();
                        _log.ReopenAndCheck();
                        break;
                    default:
                        CrashWhileWriting();
                        break;
                }
            }
        }

        private void FillBatch()
        {
            var last = _log.Model.Last;
            var before = _log.Model.Before;
            for (var handover = _random.Next(1, 4); handover > 0; handover--)
            {
                if (_random.Next(4) == 0)
                {
                    _term += (ulong)_random.Next(1, 3);
                }

                _log.Begin(_term, (ulong)_random.Next(3));
                if (_random.Next(15) == 0)
                {
                    before = WalHarness.Id(last.Index.Value + (ulong)_random.Next(5), Math.Max(1, last.Term.Value));
                    var snapshot = WalHarness.Snapshot(before.Index.Value, before.Term.Value);
                    _log.Batch.AddInstall(snapshot, keepSuffix: false);
                    last = before;
                }

                last = AddEntries(before, last);
            }
        }

        private EntryId AddEntries(EntryId before, EntryId last)
        {
            var back = last.Index - before.Index;
            var index = last.Index.Value - (ulong)(_random.Next(5) == 0 ? _random.NextInt64(Math.Min(back, 4) + 1) : 0);
            for (var count = _random.Next(5); count > 0; count--)
            {
                var payload = _random.Next(20) == 0 ? 5000 : _random.Next(400);
                _log.Add(++index, _term, payload);
                last = WalHarness.Id(index, _term);
            }

            return last;
        }

        private void Trim()
        {
            var upTo = _log.Model.Before.Index.Value + (ulong)_random.Next(_log.Model.Entries.Count + 1);
            _log.Wal.TrimPrefix(new LogIndex(upTo));
            for (var pumps = _random.Next(8); pumps > 0; pumps--)
            {
                _log.Wal.PumpBackground();
            }

            CheckReads();
        }

        private void Seal()
        {
            while (_log.Wal.SealNeeded)
            {
                if (_log.Wal.TrySeal(LogIndex.Zero, out var seal))
                {
                    _log.Finish(seal!);
                }

                _log.Wal.PumpBackground();
            }
        }

        private void CrashWhileWriting()
        {
            FillBatch();
            var write = _log.Frame();
            var after = _log.Model.With(_log.Batch);
            write.File.Write(write.Offset, write.Buffers);
            _log.Disk.Crash(Tear);

            var recovered = _log.Reopen();
            var found = LogModel.Of(recovered, _log.Wal.Store);
            Assert.True(
                found.Same(_log.Model.TrimmedTo(found.Before)) || found.Same(after.TrimmedTo(found.Before)),
                $"seed {seed}: {found} is neither {_log.Model} nor {after}");
            _log.Adopt(found);
            _term = Math.Max(_term, found.HardState.Term.Value);
        }

        // Nothing of the write, all of it, or its first bytes; behind them stays what stood there before.
        private byte[]? Tear(UnsyncedWrite write) => _random.Next(3) switch
        {
            0 => null,
            1 => write.Bytes,
            _ => write.Bytes[.._random.Next(write.Bytes.Length + 1)],
        };

        private void CheckReads()
        {
            if (_log.Model.Entries.Count == 0)
            {
                return;
            }

            var expected = _log.Model.Entries[_random.Next(_log.Model.Entries.Count)];
            var records = new List<ReadOnlyMemory<byte>>();
            var read = _log.Wal.Store.TryRead(
                new EntryRange(expected.Id.Index, _log.Model.Last.Index), _random.Next(5000), records);

            Assert.Equal(expected.Id.Index > _log.Wal.Store.Before.Index, read);
            if (read)
            {
                Assert.Equal(expected.Record, Convert.ToHexString(records[0].Span));
            }
        }
    }
}
