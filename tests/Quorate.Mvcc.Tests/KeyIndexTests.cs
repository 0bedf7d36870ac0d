using System.Text;

namespace Quorate.Mvcc.Tests;

/// <summary>The tree against a sorted dictionary, under poisoned memory.</summary>
public sealed unsafe class KeyIndexTests
{
    public static TheoryData<string, int> Shapes => new()
    {
        { "ascending", 5_000 },
        { "descending", 5_000 },
        { "random", 8_000 },
        { "long prefix", 5_000 },
        { "nested", 600 },
        { "few bytes", 5_000 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Keys_of_any_shape_are_found_in_order(string shape, int count)
    {
        using var twin = new Twin();
        var random = new Random(count);
        for (var i = 0; i < count; i++)
        {
            twin.Upsert(KeyOf(shape, i, count, random));
            if (i % 97 == 0)
            {
                twin.NextBatch();
            }
        }

        twin.Agrees(random);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Keys_come_and_go(string shape, int count)
    {
        using var twin = new Twin();
        var random = new Random(count);
        for (var wave = 0; wave < 4; wave++)
        {
            for (var i = 0; i < count / 2; i++)
            {
                twin.Upsert(KeyOf(shape, random.Next(count), count, random));
            }

            twin.NextBatch();
            twin.RemoveSome(random, wave == 3 ? 1.0 : 0.8);
            twin.Agrees(random);
        }

        Assert.Equal(0, twin.Index.Count);
        Assert.Equal(0, twin.Index.Root);
    }

    [Fact]
    public void A_pinned_root_stays_while_younger_nodes_come_back()
    {
        using var twin = new Twin();
        for (var i = 0; i < 2_000; i++)
        {
            twin.Upsert($"key{i:d5}");
        }

        twin.NextBatch();
        var (root, slot) = twin.PinRoot();
        var held = twin.Memory.BytesAllocated;
        for (var i = 0; i < 20_000; i++)
        {
            twin.Upsert($"key{i * 7919 % 2_000:d5}");
            twin.NextBatch();
        }

        // What waits is about one tree: the one that is pinned.
        Assert.InRange(twin.Memory.RetiredCount, 1, 400);
        var cursor = KeyCursor.Seek(twin.Index, root, default);
        for (var i = 0; i < 2_000; i++)
        {
            Assert.Equal($"key{i:d5}", twin.KeyOf(cursor.Value));
            cursor.MoveNext();
        }

        slot.Release();
        twin.NextBatch();
        Assert.False(cursor.IsAtEntry);
        Assert.InRange(twin.Memory.RetiredCount, 0, 10);
        Assert.True(held > 0);
    }

    private static string KeyOf(string shape, int i, int count, Random random) => shape switch
    {
        "ascending" => $"/registry/pods/default/{i:d8}",
        "descending" => $"/registry/pods/default/{count - i:d8}",
        "random" => Encoding.Latin1.GetString(BitConverter.GetBytes(random.NextInt64()), 0, 1 + random.Next(8)),
        "long prefix" => new string('p', 70) + (i % 3 == 0 ? "" : $"{i * 31 % count}"),
        "nested" => new string('a', i),
        _ => new string([(char)random.Next(3), (char)random.Next(3), (char)random.Next(256)], 0, random.Next(4)),
    };

    private sealed class Twin : IDisposable
    {
        private readonly SortedDictionary<string, ulong> _twin = new(StringComparer.Ordinal);
        private readonly MemoryRecordChunks _chunks = new(1 << 16, poison: true);
        private readonly PinTable _pins = new();
        private readonly RevisionLog _log;
        private long _batch = 1;

        public Twin()
        {
            _log = new RevisionLog(_chunks, 1 << 16);
            Memory = new IndexMemory(retiredMax: 1, poison: false);
            Index = new KeyIndex(_chunks, Memory);
            Index.BeginBatch(_batch);
        }

        public KeyIndex Index { get; }

        public IndexMemory Memory { get; }

        public void NextBatch()
        {
            Memory.Sweep(_pins);
            Index.BeginBatch(++_batch);
        }

        public (nint Root, PinTable.Slot Slot) PinRoot()
        {
            var pinned = (Index.Root, _pins.Take(_batch));
            NextBatch();
            return pinned;
        }

        public string KeyOf(ulong value) => Encoding.Latin1.GetString(Record.Key(Index.RecordOf(value)));

        public void Upsert(string key)
        {
            var position = _log.Append(Encoding.Latin1.GetBytes(key), default, out _);
            Assert.Equal(_twin.GetValueOrDefault(key), Index.Upsert(Encoding.Latin1.GetBytes(key), position));
            _twin[key] = position;
        }

        public void RemoveSome(Random random, double share)
        {
            foreach (var key in _twin.Keys.ToArray())
            {
                if (random.NextDouble() < share)
                {
                    Index.Remove(Encoding.Latin1.GetBytes(key));
                    _twin.Remove(key);
                    if (random.Next(20) == 0)
                    {
                        NextBatch();
                    }
                }
            }
        }

        public void Agrees(Random random)
        {
            Assert.Equal(_twin.Count, Index.Count);
            Walks(default, _twin);
            foreach (var (key, value) in _twin)
            {
                Assert.Equal(value, Index.Find(Index.Root, Encoding.Latin1.GetBytes(key)));
                Assert.Equal(
                    _twin.GetValueOrDefault(key + "\0"),
                    Index.Find(Index.Root, Encoding.Latin1.GetBytes(key + "\0")));
            }

            var keys = _twin.Keys.ToArray();
            for (var i = 0; i < 20 && keys.Length > 0; i++)
            {
                var from = keys[random.Next(keys.Length)] + (random.Next(2) == 0 ? "" : "\u0001");
                Walks(from, _twin.Where(pair => string.CompareOrdinal(pair.Key, from) >= 0));
            }
        }

        public void Dispose()
        {
            Index.Dispose();
            _log.Dispose();
            Assert.Equal(0, Memory.BytesAllocated);
        }

        private void Walks(string? from, IEnumerable<KeyValuePair<string, ulong>> expected)
        {
            var cursor = KeyCursor.Seek(Index, Index.Root, Encoding.Latin1.GetBytes(from ?? ""));
            foreach (var pair in expected)
            {
                Assert.True(cursor.IsAtEntry);
                Assert.Equal(pair.Value, cursor.Value);
                cursor.MoveNext();
            }

            Assert.False(cursor.IsAtEntry);
        }
    }
}
