using Quorate.Raft.Tests.Cluster;

namespace Quorate.Raft.Tests;

public class RaftLogTests
{
    [Fact]
    public void It_agrees_with_a_list_under_every_change()
    {
        var random = new TestRandom(7);
        var log = new RaftLog(EntryId.Zero, new ConfigEntry(LogIndex.Zero, ClusterConfig.Empty));
        var twin = new List<EntryHeader>();
        var trimmed = 0;
        for (var step = 0; step < 5000; step++)
        {
            Change(random, log, twin, ref trimmed);
            Compare(random, log, twin, trimmed);
        }
    }

    [Fact]
    public void The_last_entry_of_a_term_is_found()
    {
        var log = new RaftLog(EntryId.Zero, new ConfigEntry(LogIndex.Zero, ClusterConfig.Empty));
        foreach (var term in new ulong[] { 1, 1, 3, 3, 3, 6 })
        {
            log.Append(new EntryHeader(
                new EntryId(new Term(term), log.LastIndex.Next), EntryKind.Command, ProposalId.None, 10));
        }

        Assert.True(log.TryLastOfTermAtMost(new Term(2), new LogIndex(9), out var found));
        Assert.Equal(Solo.Id(2, 1), found);
        Assert.True(log.TryLastOfTermAtMost(new Term(5), new LogIndex(4), out found));
        Assert.Equal(Solo.Id(4, 3), found);
        Assert.True(log.TryLastOfTermAtMost(new Term(0), new LogIndex(4), out found));
        Assert.Equal(EntryId.Zero, found);
    }

    private static void Change(TestRandom random, RaftLog log, List<EntryHeader> twin, ref int trimmed)
    {
        switch (random.Below(10))
        {
            case 0 when twin.Count > trimmed:
                var cut = trimmed + random.Below(twin.Count - trimmed);
                log.TruncateFrom(new LogIndex((ulong)cut + 1));
                twin.RemoveRange(cut, twin.Count - cut);
                break;
            case 1 when twin.Count > trimmed:
                trimmed += random.Below(twin.Count - trimmed);
                log.TrimPrefix(new LogIndex((ulong)trimmed), new LogIndex((ulong)trimmed));
                break;
            default:
                var term = new Term(log.Last.Term.Value + (ulong)random.Below(2));
                var header = new EntryHeader(
                    new EntryId(term, log.LastIndex.Next), EntryKind.Command, ProposalId.None, 1 + random.Below(50));
                log.Append(header);
                twin.Add(header);
                break;
        }
    }

    private static void Compare(TestRandom random, RaftLog log, List<EntryHeader> twin, int trimmed)
    {
        Assert.Equal((ulong)twin.Count, log.LastIndex.Value);
        Assert.Equal((ulong)trimmed, log.Before.Index.Value);
        if (twin.Count == trimmed)
        {
            return;
        }

        var first = trimmed + random.Below(twin.Count - trimmed);
        Assert.Equal(twin[first], log.HeaderAt(new LogIndex((ulong)first + 1)));
        var bytes = random.Below(300);
        var sum = twin[first].Length;
        var fits = first;
        while (fits + 1 < twin.Count && sum + twin[fits + 1].Length <= bytes)
        {
            fits++;
            sum += twin[fits].Length;
        }

        Assert.Equal((ulong)fits + 1, log.LastWithin(new LogIndex((ulong)first + 1), bytes, log.LastIndex).Value);
        Assert.Equal(sum, log.BytesBetween(new LogIndex((ulong)first), new LogIndex((ulong)fits + 1)));
    }
}
