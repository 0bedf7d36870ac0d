using Quorate.Raft;

namespace Quorate.Node;

/// <summary>
/// The core's messages and the snapshot frames as bytes; see docs/format/peer.md.
/// <code>| version u8 | kind u8 | 0 u16 | group u32 | from u64 | to u64 | term u64 | rest ... |</code>
/// Entry records travel as they stand in the log. Reading is total: whatever the bytes are, nothing throws.
/// </summary>
public static partial class PeerCodec
{
    private const int ProposalIdBytes = 3 * sizeof(ulong);
    private const int ForwardHeadBytes = ProposalIdBytes + sizeof(byte) + sizeof(uint);

    /// <summary>Writes a message that no bytes travel beside. False, and nothing written, if it is too long.</summary>
    internal static bool TryWrite(PeerBuffer target, Message message)
    {
        var start = PeerFrame.Begin(target, KindOf(message));
        WriteHead(target, message.From, message.To, message.Term);
        WriteRest(target, message);
        return PeerFrame.End(target, start);
    }

    /// <summary>Writes an append with its records. False, and nothing written, if it is too long.</summary>
    internal static bool TryWriteAppend(
        PeerBuffer target, NodeId from, in AppendToSend append, IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        Invariant.Holds(records.Count == append.Range.Count, "an append carries a record for each of its entries");
        var start = PeerFrame.Begin(target, PeerFrameKind.AppendRequest);
        WriteHead(target, from, append.To, append.Term);
        target.Id(append.Previous);
        target.U64(append.Commit.Value);
        target.U32((uint)records.Count);
        for (var i = 0; i < records.Count && target.Length - start <= PeerFrame.BodyBytesMax; i++)
        {
            target.Bytes(records[i].Span);
        }

        return PeerFrame.End(target, start);
    }

    /// <summary>Writes forwarded proposals, payloads included. False, and nothing written, if too long.</summary>
    internal static bool TryWriteForward(
        PeerBuffer target, Message.ForwardedProposals forward, IReadOnlyList<ReadOnlyMemory<byte>> payloads)
    {
        Invariant.Holds(payloads.Count == forward.Proposals.Count, "a forward carries a payload for each proposal");
        var start = PeerFrame.Begin(target, PeerFrameKind.ForwardedProposals);
        WriteHead(target, forward.From, forward.To, forward.Term);
        target.U32((uint)payloads.Count);
        for (var i = 0; i < payloads.Count && target.Length - start <= PeerFrame.BodyBytesMax; i++)
        {
            target.Proposal(forward.Proposals[i].Id);
            target.U8((byte)forward.Proposals[i].Kind);
            target.U32((uint)payloads[i].Length);
            target.Bytes(payloads[i].Span);
        }

        return PeerFrame.End(target, start);
    }

    internal static bool TryWriteChunk(PeerBuffer target, NodeId from, NodeId to, in SnapshotChunk chunk)
    {
        Invariant.Holds(chunk.Data.Length <= Node.SnapshotChunk.DataBytesMax, "a snapshot chunk is at most 128 KiB");
        var start = PeerFrame.Begin(target, PeerFrameKind.SnapshotChunk);
        WriteHead(target, from, to, chunk.Transfer.LeaderTerm);
        target.Id(chunk.Transfer.Last);
        target.U64(chunk.Offset);
        target.U64(chunk.Total);
        target.Bool(chunk.Metadata is not null);
        if (chunk.Metadata is not null)
        {
            WriteMetadata(target, chunk.Metadata);
        }

        target.U32((uint)chunk.Data.Length);
        target.Bytes(chunk.Data);
        return PeerFrame.End(target, start);
    }

    internal static bool TryWriteAck(PeerBuffer target, NodeId from, NodeId to, in SnapshotAck ack)
    {
        var start = PeerFrame.Begin(target, PeerFrameKind.SnapshotAck);
        WriteHead(target, from, to, ack.Transfer.LeaderTerm);
        target.Id(ack.Transfer.Last);
        target.U64(ack.Offset);
        target.U8((byte)ack.Status);
        return PeerFrame.End(target, start);
    }

    private static void WriteHead(PeerBuffer target, NodeId from, NodeId to, Term term)
    {
        target.U64(from.Value);
        target.U64(to.Value);
        target.U64(term.Value);
    }

    private static void WriteRest(PeerBuffer target, Message message)
    {
        switch (message)
        {
            case Message.VoteRequest vote:
                target.Id(vote.Last);
                target.Bool(vote.Transfer);
                break;
            case Message.VoteResponse vote:
                target.Bool(vote.Granted);
                break;
            case Message.PreVoteRequest vote:
                target.Id(vote.Last);
                break;
            case Message.PreVoteResponse vote:
                target.Bool(vote.Granted);
                break;
            case Message.AppendResponse append:
                target.Bool(append.Accepted);
                target.U64(append.Index.Value);
                target.Id(append.Conflict);
                break;
            case Message.HeartbeatRequest heartbeat:
                target.U64(heartbeat.Commit.Value);
                target.U64(heartbeat.ReadRound);
                break;
            case Message.HeartbeatResponse heartbeat:
                target.U64(heartbeat.ReadRound);
                target.U64(heartbeat.Received.Value);
                break;
            case Message.CommitNews news:
                target.U64(news.Commit.Value);
                break;
            case Message.SnapshotRequest snapshot:
                WriteMetadata(target, snapshot.Metadata);
                break;
            case Message.SnapshotResponse snapshot:
                target.Id(snapshot.Last);
                target.Bool(snapshot.Wanted);
                break;
            case Message.ProposalsRefused refused:
                WriteRefused(target, refused);
                break;
            case Message.ReadIndexRequest read:
                target.U64(read.Number);
                break;
            case Message.ReadIndexResponse read:
                target.U64(read.Number);
                target.U64(read.Index.Value);
                target.U8((byte)(read.Refused ?? 0));
                break;
            default:
                Invariant.Holds(
                    message is Message.TimeoutNow or Message.TransferRequest,
                    "only messages that say all by their head have nothing behind it");
                break;
        }
    }

    private static void WriteRefused(PeerBuffer target, Message.ProposalsRefused refused)
    {
        target.U8((byte)refused.Reason);
        target.U32((uint)refused.Proposals.Count);
        for (var i = 0; i < refused.Proposals.Count; i++)
        {
            target.Proposal(refused.Proposals[i]);
        }
    }

    private static void WriteMetadata(PeerBuffer target, SnapshotMetadata metadata)
    {
        target.Id(metadata.Last);
        target.U64(metadata.ConfigIndex.Value);
        target.U32((uint)metadata.Config.EncodedLength);
        metadata.Config.Write(target.Take(metadata.Config.EncodedLength));
    }

    private static PeerFrameKind KindOf(Message message) => message switch
    {
        Message.VoteRequest => PeerFrameKind.VoteRequest,
        Message.VoteResponse => PeerFrameKind.VoteResponse,
        Message.PreVoteRequest => PeerFrameKind.PreVoteRequest,
        Message.PreVoteResponse => PeerFrameKind.PreVoteResponse,
        Message.AppendResponse => PeerFrameKind.AppendResponse,
        Message.HeartbeatRequest => PeerFrameKind.HeartbeatRequest,
        Message.HeartbeatResponse => PeerFrameKind.HeartbeatResponse,
        Message.CommitNews => PeerFrameKind.CommitNews,
        Message.SnapshotRequest => PeerFrameKind.SnapshotRequest,
        Message.SnapshotResponse => PeerFrameKind.SnapshotResponse,
        Message.TimeoutNow => PeerFrameKind.TimeoutNow,
        Message.ProposalsRefused => PeerFrameKind.ProposalsRefused,
        Message.ReadIndexRequest => PeerFrameKind.ReadIndexRequest,
        Message.ReadIndexResponse => PeerFrameKind.ReadIndexResponse,
        Message.TransferRequest => PeerFrameKind.TransferRequest,
        _ => throw new ArgumentException($"{message.GetType().Name} travels with bytes beside it.", nameof(message)),
    };
}
