namespace Quorate.Node;

/// <summary>What a frame carries. The numbers are part of the format; see docs/format/peer.md.</summary>
internal enum PeerFrameKind : byte
{
    Hello = 1,
    Accept = 2,
    Refuse = 3,
    KeepAlive = 4,
    SnapshotChunk = 5,
    SnapshotAck = 6,
    ChangeRequest = 7,
    ChangeAnswer = 8,
    VoteRequest = 16,
    VoteResponse = 17,
    PreVoteRequest = 18,
    PreVoteResponse = 19,
    AppendRequest = 20,
    AppendResponse = 21,
    HeartbeatRequest = 22,
    HeartbeatResponse = 23,
    CommitNews = 24,
    SnapshotRequest = 25,
    SnapshotResponse = 26,
    TimeoutNow = 27,
    ForwardedProposals = 28,
    ProposalsRefused = 29,
    ReadIndexRequest = 30,
    ReadIndexResponse = 31,
    TransferRequest = 32,
}
