using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node.Tests.Peer;

/// <summary>One of every message, with numbers that are all different.</summary>
internal static class Samples
{
    public static readonly NodeId Self = new(1);
    public static readonly NodeId Other = new(2);
    private static readonly Term T = new(9);

    public static readonly ClusterConfig Config = new(
        [new NodeId(1), new NodeId(2)], [], [new NodeId(3)], new byte[] { 1, 2, 3 });

    public static readonly SnapshotMetadata Metadata = new(Id(4, 40), new LogIndex(17), Config);

    public static Message[] Plain { get; } =
    [
        new Message.VoteRequest(Other, Self, T, Id(4, 40), Transfer: true),
        new Message.VoteResponse(Other, Self, T, Granted: true),
        new Message.PreVoteRequest(Other, Self, T, Id(4, 40)),
        new Message.PreVoteResponse(Other, Self, T, Granted: false),
        new Message.AppendResponse(Other, Self, T, Accepted: false, new LogIndex(41), Id(3, 30)),
        new Message.HeartbeatRequest(Other, Self, T, new LogIndex(39), 77),
        new Message.HeartbeatResponse(Other, Self, T, 77, new LogIndex(38)),
        new Message.CommitNews(Other, Self, T, new LogIndex(37)),
        new Message.SnapshotRequest(Other, Self, T, Metadata),
        new Message.SnapshotResponse(Other, Self, T, Id(4, 40), Wanted: true),
        new Message.TimeoutNow(Other, Self, T),
        new Message.TransferRequest(Other, Self, T),
        new Message.ProposalsRefused(Other, Self, T, [Proposal(1), Proposal(2)], RefusalReason.Overloaded),
        new Message.ReadIndexRequest(Other, Self, T, 5),
        new Message.ReadIndexResponse(Other, Self, T, 5, new LogIndex(36), Refused: null),
        new Message.ReadIndexResponse(Other, Self, T, 6, LogIndex.Zero, RefusalReason.NotReady),
    ];

    public static EntryId Id(ulong term, ulong index) => new(new Term(term), new LogIndex(index));

    public static ProposalId Proposal(ulong sequence) => new(Other, 0xB007, sequence);

    public static byte[] Record(ulong term, ulong index, EntryKind kind, byte[] payload)
    {
        var header = new EntryHeader(Id(term, index), kind, Proposal(index), EntryRecord.SizeOf(payload.Length));
        var record = new byte[header.Length];
        EntryRecord.Write(record, 0, header, payload);
        return record;
    }

    /// <summary>Three entries behind 40@4, the last one a configuration.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Records { get; } =
    [
        Record(8, 41, EntryKind.Noop, []),
        Record(8, 42, EntryKind.Command, [1, 2, 3, 4, 5]),
        Record(9, 43, EntryKind.ConfigChange, Config.ToBytes()),
    ];

    public static AppendToSend Append(int count = 3) => new(
        Self, T, Id(4, 40), count == 0 ? Id(4, 40) : Id(9, 40 + (ulong)count), new LogIndex(40));

    public static Message.ForwardedProposals Forward { get; } = new(
        Other, Self, T,
        [
            new ProposalHeader(Proposal(1), EntryKind.Command, EntryRecord.SizeOf(3)),
            new ProposalHeader(Proposal(2), EntryKind.Command, EntryRecord.SizeOf(0)),
        ]);

    public static IReadOnlyList<ReadOnlyMemory<byte>> Payloads { get; } = [new byte[] { 7, 8, 9 }, new byte[0]];

    public static PeerHello Hello(ulong member = 2) => new(
        ProtocolMin: 1, ProtocolMax: 1, FeatureLevel: 1, ClusterId: 0xC1, new NodeId(member),
        DirectoryId: 0xD0 + member, Expected: NodeId.None, Damaged: false, HeartbeatMs: 100, ElectionMs: 1000,
        $"n{member}", ["http://127.0.0.1:2380"])
    {
        State = NodeState.Member,
    };

    /// <summary>One that says all it can.</summary>
    public static PeerHello LongHello() => Hello() with
    {
        State = NodeState.Alone, IsInvitation = true, IsProbe = true, ExpectedDirectory = 0xD7, ExpectedName = "n7",
    };

    public static MemberChange[] Changes { get; } =
    [
        new MemberChange.Add("n4", ["http://n4:2380", "http://n4:2381"], StaysLearner: true),
        new MemberChange.Announce(["http://n5:2380"], StaysLearner: false),
        new MemberChange.Update(new NodeId(3), ["http://n3:2380"]),
        new MemberChange.Promote(new NodeId(4)),
        new MemberChange.Remove(new NodeId(5)),
        new MemberChange.Replace(new NodeId(6), "", ["http://n6:2380"]),
    ];

    public static ChangeAnswer Answer { get; } = new(
        Proposal(9), ChangeVerdict.Refused, ChangeRefusal.Unreachable, new NodeId(4), "nobody answers");

    /// <summary>Every kind of frame that there is, each whole.</summary>
    public static List<byte[]> Frames()
    {
        var frames = new List<byte[]>();
        foreach (var message in Plain)
        {
            frames.Add(Written(buffer => Assert.True(PeerCodec.TryWrite(buffer, message))));
        }

        frames.Add(Written(buffer => Assert.True(PeerCodec.TryWriteAppend(buffer, Other, Append(), Records))));
        frames.Add(Written(buffer => Assert.True(PeerCodec.TryWriteForward(buffer, Forward, Payloads))));
        frames.Add(Written(buffer => Assert.True(PeerCodec.TryWriteChunk(buffer, Other, Self, Chunk()))));
        frames.Add(Written(buffer => Assert.True(PeerCodec.TryWriteAck(buffer, Other, Self, Ack))));
        foreach (var change in Changes)
        {
            frames.Add(Written(buffer => Assert.True(PeerCodec.TryWriteChange(
                buffer, Other, Self, new ChangeRequest(Proposal(9), change, Force: true, 5000)))));
        }

        frames.Add(Written(buffer => Assert.True(PeerCodec.TryWriteChangeAnswer(buffer, Other, Self, Answer))));
        frames.Add(Written(LongHello().Write));
        frames.Add(Written(new HandshakeRefusal(RefusedBecause.Misdirected, "a met b").Write));
        return frames;
    }

    public static SnapshotAck Ack { get; } = new(new TransferId(T, Id(4, 40)), 128, SnapshotAckStatus.Continue);

    public static SnapshotChunk Chunk() =>
        new(new TransferId(T, Id(4, 40)), 0, 1000, Metadata, new byte[] { 1, 2, 3, 4, 5, 6, 7 });

    public static byte[] Written(Action<PeerBuffer> write)
    {
        var buffer = new PeerBuffer();
        write(buffer);
        return buffer.Written.ToArray();
    }

    public static byte[] BodyOf(byte[] frame) => frame[PeerFrame.EnvelopeBytes..];
}
