using Quorate.Raft;

namespace Quorate.Storage.Tests;

public sealed class LogArenaTests
{
    private readonly LogArena _arena = new(new LogArenaOptions { ChunkBytes = 256, CacheBytes = 0, FreeChunksMax = 2 });

    [Fact]
    public void Record_is_found_by_its_id_only()
    {
        Fill(1, 3, term: 2);

        Assert.True(_arena.TryGet(WalHarness.Id(2, 2), out var record));
        Assert.Equal(100, record.Length);
        Assert.Equal(2, record.Span[0]);
        Assert.False(_arena.TryGet(WalHarness.Id(2, 1), out _));
        Assert.False(_arena.TryGet(WalHarness.Id(4, 2), out _));
        Assert.True(_arena.TryGet(new LogIndex(3), out _));
        Assert.False(_arena.TryGet(new LogIndex(0), out _));
    }

    [Fact]
    public void Replaced_tail_is_gone_and_its_memory_stays_until_its_write_is_durable()
    {
        Fill(1, 2, term: 1);
        _arena.HandedToDisk(new WriteId(1), Range(1, 2));
        Assert.True(_arena.TryGet(WalHarness.Id(2, 1), out var old));

        _arena.TruncateFrom(new LogIndex(2));
        Fill(2, 9, term: 2);

        Assert.False(_arena.TryGet(WalHarness.Id(2, 1), out _));
        Assert.True(_arena.TryGet(WalHarness.Id(2, 2), out _));
        Assert.Equal(2, old.Span[99]);
    }

    [Fact]
    public void Chunk_goes_when_write_and_apply_are_acknowledged_and_not_before()
    {
        Fill(1, 6, term: 1);
        Assert.Equal(3 * 256, _arena.Bytes);

        _arena.HandedToDisk(new WriteId(1), Range(1, 4));
        _arena.HandedToApply(1, Range(1, 2));
        _arena.AppliedBatch(1);
        Assert.Equal(1ul, _arena.First.Value);
        _arena.HandedToApply(2, Range(2, 2));
        _arena.Persisted(new WriteId(1));

        // The first chunk is named by apply batch 2 again.
        Assert.Equal(1ul, _arena.First.Value);
        _arena.AppliedBatch(2);

        Assert.Equal(5ul, _arena.First.Value);
        Assert.Equal(256, _arena.Bytes);
    }

    [Fact]
    public void Chunk_with_records_that_were_not_handed_out_stays()
    {
        Fill(1, 6, term: 1);
        _arena.HandedToDisk(new WriteId(1), Range(1, 1));

        _arena.Persisted(new WriteId(1));

        Assert.Equal(1ul, _arena.First.Value);
    }

    [Fact]
    public void Cache_window_keeps_the_newest_bytes()
    {
        var arena = new LogArena(new LogArenaOptions { ChunkBytes = 256, CacheBytes = 512 });
        for (ulong index = 1; index <= 20; index++)
        {
            arena.Reserve(WalHarness.Id(index, 1), 100);
            arena.HandedToDisk(new WriteId(index), Range(index, index));
            arena.Persisted(new WriteId(index));
        }

        Assert.Equal(512, arena.Bytes);
        Assert.Equal(17ul, arena.First.Value);
    }

    [Fact]
    public void Large_record_gets_a_chunk_of_its_size()
    {
        _arena.Reserve(WalHarness.Id(1, 1), 10_000).Fill(7);

        Assert.True(_arena.TryGet(WalHarness.Id(1, 1), out var record));
        Assert.Equal(10_000, record.Length);
        Assert.Equal(10_000, _arena.Bytes);
    }

    [Fact]
    public void Emptied_arena_starts_anywhere()
    {
        Fill(1, 5, term: 1);
        _arena.TruncateFrom(LogIndex.Zero);
        Assert.Equal(LogIndex.Zero, _arena.Last);

        Fill(100, 101, term: 4);

        Assert.Equal(100ul, _arena.First.Value);
        Assert.Equal(101ul, _arena.Last.Value);
        Assert.False(_arena.TryGet(new LogIndex(5), out _));
    }

    [Fact]
    public void Records_enter_in_order()
    {
        Fill(1, 2, term: 1);

        Assert.Throws<InvariantViolationException>(() => _arena.Reserve(WalHarness.Id(4, 1), 10).Length);
    }

    [Fact]
    public void Random_lives_agree_with_a_dictionary_and_never_reuse_memory_in_use()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            new Life(seed).Run();
        }
    }

    private static EntryRange Range(ulong first, ulong last) => new(new LogIndex(first), new LogIndex(last));

    private void Fill(ulong first, ulong last, ulong term)
    {
        for (var index = first; index <= last; index++)
        {
            _arena.Reserve(WalHarness.Id(index, term), 100).Fill((byte)index);
        }
    }

    private sealed class Life(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly LogArena _arena = new(
            new LogArenaOptions { ChunkBytes = 512, CacheBytes = seed % 3 * 700, FreeChunksMax = seed % 4 });

        // What a writer or an applier holds: the memory and the bytes that must stay in it.
        private readonly Queue<(ulong Number, ReadOnlyMemory<byte> Memory, byte[] Bytes)> _writing = new();
        private readonly Queue<(ulong Number, ReadOnlyMemory<byte> Memory, byte[] Bytes)> _applying = new();
        private readonly SortedDictionary<ulong, ulong> _terms = [];
        private ulong _term = 1;
        private ulong _handed;
        private ulong _appliedTo;
        private ulong _write;
        private ulong _batch;

        public void Run()
        {
            for (var step = 0; step < 250; step++)
            {
                switch (_random.Next(8))
                {
                    case < 3:
                        Append();
                        break;
                    case 3:
                        Replace();
                        break;
                    case 4:
                        HandToDisk();
                        break;
                    case 5:
                        HandToApply();
                        break;
                    case 6:
                        Acknowledge(_writing, number => _arena.Persisted(new WriteId(number)));
                        break;
                    default:
                        Acknowledge(_applying, _arena.AppliedBatch);
                        break;
                }

                Check();
            }
        }

        private ulong Last => _terms.Count == 0 ? 0 : _terms.Keys.Last();

        private void Append()
        {
            for (var count = _random.Next(5); count > 0; count--)
            {
                var id = WalHarness.Id(Last + 1, _term);
                _random.NextBytes(_arena.Reserve(id, _random.Next(60, 700)));
                _terms[id.Index.Value] = _term;
            }
        }

        private void Replace()
        {
            if (Last <= _appliedTo)
            {
                return;
            }

            var first = _appliedTo + 1 + (ulong)_random.NextInt64((long)(Last - _appliedTo));
            _arena.TruncateFrom(new LogIndex(first));
            foreach (var index in _terms.Keys.Where(index => index >= first).ToList())
            {
                _terms.Remove(index);
            }

            _handed = Math.Min(_handed, first - 1);
            _term++;
        }

        private void HandToDisk()
        {
            var last = Math.Min(Last, _handed + (ulong)_random.Next(8));
            _write++;
            Hold(_writing, _write, _handed + 1, last);
            _arena.HandedToDisk(new WriteId(_write), Range(_handed + 1, last));
            _handed = Math.Max(_handed, last);
        }

        private void HandToApply()
        {
            var last = Math.Min(_handed, _appliedTo + (ulong)_random.Next(8));
            _batch++;
            Hold(_applying, _batch, _appliedTo + 1, last);
            _arena.HandedToApply(_batch, Range(_appliedTo + 1, last));
            _appliedTo = Math.Max(_appliedTo, last);
        }

        private void Hold(
            Queue<(ulong, ReadOnlyMemory<byte>, byte[])> holders, ulong number, ulong first, ulong last)
        {
            for (var index = first; index <= last; index++)
            {
                if (_arena.TryGet(new LogIndex(index), out var memory))
                {
                    holders.Enqueue((number, memory, memory.ToArray()));
                }
            }
        }

        private static void Acknowledge(
            Queue<(ulong Number, ReadOnlyMemory<byte> Memory, byte[] Bytes)> holders, Action<ulong> acknowledge)
        {
            if (holders.TryPeek(out var oldest))
            {
                while (holders.TryPeek(out var next) && next.Number == oldest.Number)
                {
                    holders.Dequeue();
                }

                acknowledge(oldest.Number);
            }
        }

        private void Check()
        {
            foreach (var (_, memory, bytes) in _writing.Concat(_applying))
            {
                Assert.True(memory.Span.SequenceEqual(bytes), $"seed {seed}: memory in use was given away");
            }

            // What was not handed to the disk can be nowhere else.
            foreach (var (index, term) in _terms)
            {
                var here = _arena.TryGet(WalHarness.Id(index, term), out _);
                Assert.True(here || index <= _handed, $"seed {seed}: entry {index} is gone before it was written");
                Assert.False(_arena.TryGet(WalHarness.Id(index, term + 1), out _));
            }

            Assert.False(_arena.TryGet(new LogIndex(Last + 1), out _));
        }
    }
}
