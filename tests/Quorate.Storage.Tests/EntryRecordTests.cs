using FsCheck;
using FsCheck.Fluent;
using Quorate.Raft;

namespace Quorate.Storage.Tests;

public sealed class EntryRecordTests
{
    [Fact]
    public void Record_comes_back_as_it_was_written()
    {
        Prop.ForAll<ulong, ulong, byte[]>((term, index, payload) =>
        {
            var header = Header(term, index, term ^ index, EntryKind.Command, payload.Length);
            var record = new byte[header.Length + 3];
            EntryRecord.Write(record.AsSpan(0, header.Length), 7, header, payload);

            return EntryRecord.TryRead(record, out var group, out var read, out var found)
                && group == 7 && read == header && found.SequenceEqual(payload)
                && EntryRecord.PeekLength(record) == header.Length;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Record_cut_anywhere_is_not_whole()
    {
        var whole = Whole(EntryKind.Command, 33);

        for (var cut = 0; cut < whole.Length; cut++)
        {
            Assert.False(EntryRecord.TryRead(whole.AsSpan(0, cut), out _, out _));
        }
    }

    [Fact]
    public void Record_with_any_bit_flipped_is_refused()
    {
        var whole = Whole(EntryKind.ConfigChange, 20);
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            whole[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(EntryRecord.TryRead(whole, out _, out _));
            whole[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.True(EntryRecord.TryRead(whole, out _, out _));
    }

    [Fact]
    public void Kinds_that_are_no_entries_are_refused()
    {
        foreach (var kind in new byte[] { 0, 4, InstallMarker.Kind, 255 })
        {
            Assert.False(EntryRecord.TryRead(Whole((EntryKind)kind, 4), out _, out _));
        }
    }

    [Fact]
    public void Checksum_is_that_of_the_standard()
    {
        // RFC 3720, B.4: 32 zeros, 32 ones, and the digits of the check value.
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Of(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
    }

    private static byte[] Whole(EntryKind kind, int payload)
    {
        var header = Header(3, 4, 5, kind, payload);
        var record = new byte[header.Length];
        EntryRecord.Write(record, 0, header, WalHarness.Payload(header.Id, payload));
        return record;
    }

    private static EntryHeader Header(ulong term, ulong index, ulong sequence, EntryKind kind, int payload) => new(
        new EntryId(new Term(term), new LogIndex(index)),
        kind,
        new ProposalId(new NodeId(8), 9, sequence),
        EntryRecord.SizeOf(payload));
}
