using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

public static partial class PeerCodec
{
    private static readonly ReadOnlyMemory<byte>[] NoSlices = [];

    /// <summary>Reads a message body whose checksum was good. False: it is not what this version writes.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> body, out PeerMessage message)
    {
        message = default;
        var reader = new PeerReader(body.Span);
        var head = ReadHead(ref reader);
        if (reader.Failed || head.From == NodeId.None || head.To == NodeId.None)
        {
            return false;
        }

        var decoded = head.Kind switch
        {
            PeerFrameKind.AppendRequest => ReadAppend(ref reader, head, body),
            PeerFrameKind.ForwardedProposals => ReadForward(ref reader, head, body),
            _ when ReadPlain(ref reader, head) is { } plain => new PeerMessage(plain, NoSlices),
            _ => default(PeerMessage?),
        };
        if (decoded is null || !reader.IsWhole)
        {
            return false;
        }

        message = decoded.Value;
        return true;
    }

    /// <summary>From whom a body says it comes, and for whom it is; None when it is too short to say.</summary>
    internal static (NodeId From, NodeId To) PeekEnds(ReadOnlySpan<byte> body)
    {
        var reader = new PeerReader(body);
        var head = ReadHead(ref reader);
        return reader.Failed ? (NodeId.None, NodeId.None) : (head.From, head.To);
    }

    internal static bool TryReadChunk(ReadOnlySpan<byte> body, out SnapshotChunk chunk)
    {
        var reader = new PeerReader(body);
        var head = ReadHead(ref reader);
        var last = reader.Id();
        var offset = reader.U64();
        var total = reader.U64();
        var metadata = reader.Bool() ? ReadMetadata(ref reader) : null;
        var data = reader.Bytes(reader.Length(Node.SnapshotChunk.DataBytesMax));
        var good = reader.IsWhole && offset <= total && total <= long.MaxValue && (ulong)data.Length <= total - offset
            && (metadata is null || (offset == 0 && metadata.Last == last));
        chunk = good ? new SnapshotChunk(new TransferId(head.Term, last), offset, total, metadata, data) : default;
        return good;
    }

    internal static bool TryReadAck(ReadOnlySpan<byte> body, out SnapshotAck ack)
    {
        var reader = new PeerReader(body);
        var head = ReadHead(ref reader);
        ack = new SnapshotAck(new TransferId(head.Term, reader.Id()), reader.U64(), (SnapshotAckStatus)reader.U8());
        return reader.IsWhole && Enum.IsDefined(ack.Status) && ack.Offset <= long.MaxValue;
    }

    private static Head ReadHead(ref PeerReader reader)
    {
        var start = reader.Bytes(PeerFrame.BodyHeadBytes);
        var kind = start.IsEmpty ? default : PeerFrame.KindOf(start);
        return new Head(kind, reader.Node(), reader.Node(), reader.Term());
    }

    private static Message? ReadPlain(ref PeerReader r, Head h) => h.Kind switch
    {
        PeerFrameKind.VoteRequest => new Message.VoteRequest(h.From, h.To, h.Term, r.Id(), r.Bool()),
        PeerFrameKind.VoteResponse => new Message.VoteResponse(h.From, h.To, h.Term, r.Bool()),
        PeerFrameKind.PreVoteRequest => new Message.PreVoteRequest(h.From, h.To, h.Term, r.Id()),
        PeerFrameKind.PreVoteResponse => new Message.PreVoteResponse(h.From, h.To, h.Term, r.Bool()),
        PeerFrameKind.AppendResponse =>
            new Message.AppendResponse(h.From, h.To, h.Term, r.Bool(), r.Index(), r.Id()),
        PeerFrameKind.HeartbeatRequest => new Message.HeartbeatRequest(h.From, h.To, h.Term, r.Index(), r.U64()),
        PeerFrameKind.HeartbeatResponse => new Message.HeartbeatResponse(h.From, h.To, h.Term, r.U64(), r.Index()),
        PeerFrameKind.CommitNews => new Message.CommitNews(h.From, h.To, h.Term, r.Index()),
        PeerFrameKind.SnapshotRequest when ReadMetadata(ref r) is { } metadata =>
            new Message.SnapshotRequest(h.From, h.To, h.Term, metadata),
        PeerFrameKind.SnapshotResponse => new Message.SnapshotResponse(h.From, h.To, h.Term, r.Id(), r.Bool()),
        PeerFrameKind.TimeoutNow => new Message.TimeoutNow(h.From, h.To, h.Term),
        PeerFrameKind.TransferRequest => new Message.TransferRequest(h.From, h.To, h.Term),
        PeerFrameKind.ProposalsRefused => ReadRefused(ref r, h),
        PeerFrameKind.ReadIndexRequest => new Message.ReadIndexRequest(h.From, h.To, h.Term, r.U64()),
        PeerFrameKind.ReadIndexResponse =>
            new Message.ReadIndexResponse(h.From, h.To, h.Term, r.U64(), r.Index(), ReadReason(ref r)),
        _ => null,
    };

    private static PeerMessage? ReadAppend(ref PeerReader reader, Head head, ReadOnlyMemory<byte> body)
    {
        var previous = reader.Id();
        var commit = reader.Index();
        var count = reader.Count(EntryRecord.Overhead);
        var entries = new EntryHeader[count];
        var records = count == 0 ? NoSlices : new ReadOnlyMemory<byte>[count];
        List<ConfigEntry>? configs = null;
        var before = previous;
        for (var i = 0; i < count; i++)
        {
            var at = reader.Position;
            if (!EntryRecord.TryRead(body.Span[at..], out var group, out var header, out var payload)
                || group != 0 || !Follows(header.Id, before, head.Term)
                || (header.Kind == EntryKind.ConfigChange && !TryAddConfig(ref configs, header, payload)))
            {
                return null;
            }

            entries[i] = header;
            records[i] = body.Slice(at, header.Length);
            before = header.Id;
            reader.Bytes(header.Length);
        }

        return new PeerMessage(
            new Message.AppendRequest(
                head.From, head.To, head.Term, previous, entries, commit, configs is null ? [] : configs), records);
    }

    // Thesis 3.5: entries are consecutive, and terms in a log never fall.
    private static bool Follows(EntryId id, EntryId before, Term leaderTerm) =>
        before.Index.Value != ulong.MaxValue && id.Index == before.Index.Next && id.Term >= before.Term
        && id.Term <= leaderTerm;

    private static bool TryAddConfig(ref List<ConfigEntry>? configs, EntryHeader header, ReadOnlySpan<byte> payload)
    {
        if (!ClusterConfig.TryRead(payload, out var config))
        {
            return false;
        }

        (configs ??= []).Add(new ConfigEntry(header.Id.Index, config));
        return true;
    }

    private static PeerMessage? ReadForward(ref PeerReader reader, Head head, ReadOnlyMemory<byte> body)
    {
        var count = reader.Count(ForwardHeadBytes);
        var proposals = new ProposalHeader[count];
        var payloads = new ReadOnlyMemory<byte>[count];
        for (var i = 0; i < count; i++)
        {
            var id = reader.Proposal();
            var kind = (EntryKind)reader.U8();
            var length = reader.Length(PeerFrame.BodyBytesMax);
            var at = reader.Position;
            reader.Bytes(length);
            if (reader.Failed || !Enum.IsDefined(kind))
            {
                return null;
            }

            proposals[i] = new ProposalHeader(id, kind, EntryRecord.SizeOf(length));
            payloads[i] = body.Slice(at, length);
        }

        return new PeerMessage(new Message.ForwardedProposals(head.From, head.To, head.Term, proposals), payloads);
    }

    private static Message.ProposalsRefused? ReadRefused(ref PeerReader reader, Head head)
    {
        var reason = ReadReason(ref reader);
        var ids = new ProposalId[reader.Count(ProposalIdBytes)];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = reader.Proposal();
        }

        return reason is null ? null : new Message.ProposalsRefused(head.From, head.To, head.Term, ids, reason.Value);
    }

    private static RefusalReason? ReadReason(ref PeerReader reader)
    {
        var reason = (RefusalReason)reader.U8();
        if (reason == 0)
        {
            return null;
        }

        if (!Enum.IsDefined(reason))
        {
            reader.Fail();
        }

        return reason;
    }

    private static SnapshotMetadata? ReadMetadata(ref PeerReader reader)
    {
        var last = reader.Id();
        var configIndex = reader.Index();
        var bytes = reader.Bytes(reader.Length(PeerFrame.BodyBytesMax));
        if (reader.Failed || !ClusterConfig.TryRead(bytes, out var config))
        {
            reader.Fail();
            return null;
        }

        return new SnapshotMetadata(last, configIndex, config);
    }

    private readonly record struct Head(PeerFrameKind Kind, NodeId From, NodeId To, Term Term);
}
