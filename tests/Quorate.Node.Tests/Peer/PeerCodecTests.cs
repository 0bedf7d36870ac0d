using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node.Tests.Peer;

public sealed class PeerCodecTests
{
    [Fact]
    public void Every_plain_message_comes_back_as_it_was()
    {
        foreach (var message in Samples.Plain)
        {
            var body = Samples.BodyOf(Samples.Written(buffer => PeerCodec.TryWrite(buffer, message)));

            Assert.True(PeerCodec.TryDecode(body, out var read));

            Assert.Equal(Printed(message), Printed(read.Message));
            Assert.Empty(read.Slices);
        }
    }

    [Fact]
    public void Append_carries_headers_records_and_configurations()
    {
        var body = Samples.BodyOf(Samples.Written(
            buffer => PeerCodec.TryWriteAppend(buffer, Samples.Other, Samples.Append(), Samples.Records)));

        Assert.True(PeerCodec.TryDecode(body, out var read));

        var append = Assert.IsType<Message.AppendRequest>(read.Message);
        Assert.Equal(Samples.Id(4, 40), append.Previous);
        Assert.Equal(new LogIndex(40), append.Commit);
        Assert.Equal(["41@8", "42@8", "43@9"], append.Entries.Select(entry => entry.Id.ToString()));
        Assert.Equal(new LogIndex(43), Assert.Single(append.Configs).Index);
        Assert.Equal(Samples.Config.ToBytes(), append.Configs[0].Config.ToBytes());
        Assert.Equal(Samples.Records.Select(record => record.ToArray()), read.Slices.Select(slice => slice.ToArray()));
        Assert.Equal(append.Entries.Select(entry => entry.Length), read.Slices.Select(slice => slice.Length));
    }

    [Fact]
    public void Empty_append_is_a_probe()
    {
        var body = Samples.BodyOf(Samples.Written(
            buffer => PeerCodec.TryWriteAppend(buffer, Samples.Other, Samples.Append(count: 0), [])));

        Assert.True(PeerCodec.TryDecode(body, out var read));

        Assert.Empty(Assert.IsType<Message.AppendRequest>(read.Message).Entries);
    }

    [Fact]
    public void Forward_carries_ids_and_payloads()
    {
        var body = Samples.BodyOf(Samples.Written(
            buffer => PeerCodec.TryWriteForward(buffer, Samples.Forward, Samples.Payloads)));

        Assert.True(PeerCodec.TryDecode(body, out var read));

        var forward = Assert.IsType<Message.ForwardedProposals>(read.Message);
        Assert.Equal(Samples.Forward.Proposals, forward.Proposals);
        Assert.Equal([7, 8, 9], read.Slices[0].ToArray());
        Assert.True(read.Slices[1].IsEmpty);
    }

    [Theory]
    [InlineData(8, 42, 8, 43)] // a gap behind 40
    [InlineData(8, 41, 8, 43)] // a gap within
    [InlineData(8, 41, 7, 42)] // a falling term
    [InlineData(3, 41, 8, 42)] // a term below that of the entry before
    [InlineData(8, 41, 10, 42)] // a term above the leader's
    public void Entries_that_cannot_be_a_log_are_refused(ulong term1, ulong index1, ulong term2, ulong index2)
    {
        ReadOnlyMemory<byte>[] records =
        [
            Samples.Record(term1, index1, EntryKind.Command, [1]),
            Samples.Record(term2, index2, EntryKind.Command, [2]),
        ];
        var body = Samples.BodyOf(Samples.Written(
            buffer => PeerCodec.TryWriteAppend(buffer, Samples.Other, Samples.Append(count: 2), records)));

        Assert.False(PeerCodec.TryDecode(body, out _));
    }

    [Fact]
    public void Configuration_that_cannot_be_read_is_refused()
    {
        ReadOnlyMemory<byte>[] records = [Samples.Record(8, 41, EntryKind.ConfigChange, [1, 2, 3])];
        var body = Samples.BodyOf(Samples.Written(
            buffer => PeerCodec.TryWriteAppend(buffer, Samples.Other, Samples.Append(count: 1), records)));

        Assert.False(PeerCodec.TryDecode(body, out _));
    }

    [Fact]
    public void Largest_command_passes_and_a_longer_frame_is_not_written()
    {
        ReadOnlyMemory<byte>[] largest = [Samples.Record(8, 41, EntryKind.Command, new byte[1536 * 1024])];
        ReadOnlyMemory<byte>[] tooLong = [Samples.Record(8, 41, EntryKind.Command, new byte[PeerFrame.BodyBytesMax])];
        var buffer = new PeerBuffer();

        Assert.True(PeerCodec.TryWriteAppend(buffer, Samples.Other, Samples.Append(count: 1), largest));
        var length = buffer.Length;

        Assert.False(PeerCodec.TryWriteAppend(buffer, Samples.Other, Samples.Append(count: 1), tooLong));
        Assert.Equal(length, buffer.Length);
    }

    [Fact]
    public void Chunk_and_acknowledgement_come_back_as_they_were()
    {
        var chunkBody = Samples.BodyOf(Samples.Written(
            buffer => PeerCodec.TryWriteChunk(buffer, Samples.Other, Samples.Self, Samples.Chunk())));
        var ackBody = Samples.BodyOf(Samples.Written(
            buffer => PeerCodec.TryWriteAck(buffer, Samples.Other, Samples.Self, Samples.Ack)));

        Assert.True(PeerCodec.TryReadChunk(chunkBody, out var chunk));
        Assert.True(PeerCodec.TryReadAck(ackBody, out var ack));

        Assert.Equal(Samples.Ack, ack);
        Assert.Equal(Samples.Ack.Transfer, chunk.Transfer);
        Assert.Equal(1000u, chunk.Total);
        Assert.Equal(Samples.Metadata.ToString(), chunk.Metadata!.ToString());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], chunk.Data.ToArray());
        Assert.False(chunk.IsLast);
    }

    [Fact]
    public void Chunk_beyond_the_end_of_its_snapshot_is_refused()
    {
        var body = Samples.BodyOf(Samples.Written(buffer => PeerCodec.TryWriteChunk(
            buffer, Samples.Other, Samples.Self,
            new SnapshotChunk(Samples.Ack.Transfer, 995, 1000, null, new byte[6]))));

        Assert.False(PeerCodec.TryReadChunk(body, out _));
    }

    [Fact]
    public void Every_cut_of_a_frame_waits_for_more()
    {
        foreach (var frame in Samples.Frames())
        {
            for (var cut = 0; cut < frame.Length; cut++)
            {
                var fault = PeerFrame.Read(frame.AsSpan(0, cut), PeerFrame.BodyBytesMax, out _, out var used);

                Assert.Null(fault);
                Assert.Equal(0, used);
            }

            Assert.Null(PeerFrame.Read(frame, PeerFrame.BodyBytesMax, out _, out var whole));
            Assert.Equal(frame.Length, whole);
        }
    }

    [Fact]
    public void Every_flipped_bit_is_noticed()
    {
        foreach (var frame in Samples.Frames())
        {
            for (var bit = 0; bit < frame.Length * 8; bit++)
            {
                frame[bit / 8] ^= (byte)(1 << (bit % 8));

                var fault = PeerFrame.Read(frame, PeerFrame.BodyBytesMax, out _, out var used);

                // A length that grew makes the reader wait for bytes; the checksum then tells.
                Assert.True(fault is not null || used == 0, $"bit {bit}");
                frame[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Fact]
    public void An_http_answer_is_told_as_one()
    {
        var fault = PeerFrame.Read("HTTP/1.1 400 Bad Request\r\n"u8, PeerFrame.BodyBytesMax, out _, out _);

        Assert.Contains("the Raft listener is another port", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_cut_of_a_body_is_refused()
    {
        foreach (var frame in Samples.Frames())
        {
            var body = Samples.BodyOf(frame);
            for (var cut = 0; cut < body.Length; cut++)
            {
                Assert.False(DecodesAny(body[..cut]), $"cut {cut} of {PeerFrame.KindOf(body)}");
            }

            Assert.True(DecodesAny(body), $"the whole of {PeerFrame.KindOf(body)}");
        }
    }

    [Fact]
    public void Any_bytes_with_a_good_checksum_are_read_or_refused_and_nothing_throws()
    {
        var random = new TestRandom(4711);
        var frames = Samples.Frames();
        for (var round = 0; round < 20_000; round++)
        {
            var body = Samples.BodyOf(frames[random.Below(frames.Count)]);
            var flips = 1 + random.Below(4);
            for (var i = 0; i < flips; i++)
            {
                body[random.Below(body.Length)] = (byte)random.Next();
            }

            DecodesAny(body[..random.Below(body.Length + 1)]);
            DecodesAny(body);
        }
    }

    [Fact]
    public void What_is_read_is_written_again_as_it_was()
    {
        foreach (var frame in Samples.Frames())
        {
            var body = Samples.BodyOf(frame);
            if (PeerFrame.KindOf(body) < PeerFrameKind.VoteRequest || !PeerCodec.TryDecode(body, out var read))
            {
                continue;
            }

            var again = Samples.Written(buffer => Assert.True(Write(buffer, read)));

            Assert.Equal(frame, again);
        }
    }

    private static bool Write(PeerBuffer buffer, PeerMessage message) => message.Message switch
    {
        Message.AppendRequest append => PeerCodec.TryWriteAppend(
            buffer, append.From,
            new AppendToSend(append.To, append.Term, append.Previous, append.Entries[^1].Id, append.Commit),
            message.Slices),
        Message.ForwardedProposals forward => PeerCodec.TryWriteForward(buffer, forward, message.Slices),
        _ => PeerCodec.TryWrite(buffer, message.Message),
    };

    private static bool DecodesAny(byte[] body)
    {
        var kind = body.Length > 1 ? PeerFrame.KindOf(body) : default;
        return kind switch
        {
            PeerFrameKind.Hello => PeerHello.TryRead(body, out _),
            PeerFrameKind.Refuse => HandshakeRefusal.TryRead(body, out _),
            PeerFrameKind.SnapshotChunk => PeerCodec.TryReadChunk(body, out _),
            PeerFrameKind.SnapshotAck => PeerCodec.TryReadAck(body, out _),
            PeerFrameKind.ChangeRequest => PeerCodec.TryReadChange(body, out _),
            PeerFrameKind.ChangeAnswer => PeerCodec.TryReadChangeAnswer(body, out _),
            _ => PeerCodec.TryDecode(body, out _),
        };
    }

    // Lists inside of records compare by reference; printed, they compare by content.
    private static string Printed(Message message) => message switch
    {
        Message.ProposalsRefused refused =>
            $"{refused.From} {refused.To} {refused.Term} {refused.Reason} {string.Join(',', refused.Proposals)}",
        Message.SnapshotRequest snapshot =>
            $"{snapshot.From} {snapshot.To} {snapshot.Term} {snapshot.Metadata} {snapshot.Metadata.ConfigIndex} "
            + Convert.ToHexString(snapshot.Metadata.Config.ToBytes()),
        _ => message.ToString(),
    };
}
