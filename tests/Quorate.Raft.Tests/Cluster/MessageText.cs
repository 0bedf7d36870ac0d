namespace Quorate.Raft.Tests.Cluster;

/// <summary>Messages as goldens print them: short, and without what a story never needs.</summary>
internal static class MessageText
{
    public static string Of(Message message) =>
        $"{message.From}->{message.To} {message.GetType().Name} t{message.Term}{Rest(message)}";

    private static string Rest(Message message) => message switch
    {
        Message.VoteRequest m => $" last={m.Last}{(m.Transfer ? " transfer" : "")}",
        Message.VoteResponse m => m.Granted ? " granted" : " refused",
        Message.PreVoteRequest m => $" last={m.Last}",
        Message.PreVoteResponse m => m.Granted ? " granted" : " refused",
        Message.AppendRequest m => $" prev={m.Previous} entries={Entries(m.Entries)} commit={m.Commit}",
        Message.AppendResponse m => m.Accepted ? $" accepted {m.Index}" : $" refused {m.Index} conflict={m.Conflict}",
        Message.HeartbeatRequest m => $" commit={m.Commit} round={m.ReadRound}",
        Message.HeartbeatResponse m => $" round={m.ReadRound} received={m.Received}",
        Message.CommitNews m => $" commit={m.Commit}",
        Message.SnapshotRequest m => $" last={m.Metadata.Last}",
        Message.SnapshotResponse m => $" last={m.Last} {(m.Wanted ? "wanted" : "not wanted")}",
        Message.ForwardedProposals m => $" {string.Join(' ', m.Proposals.Select(proposal => proposal.Id))}",
        Message.ProposalsRefused m => $" {string.Join(' ', m.Proposals)} {m.Reason}",
        Message.ReadIndexRequest m => $" number={m.Number}",
        Message.ReadIndexResponse m => $" number={m.Number} {Answer(m.Index, m.Refused)}",
        _ => "",
    };

    public static string Answer(LogIndex index, RefusalReason? refused) =>
        refused is { } why ? $"refused {why}" : $"index={index}";

    private static string Entries(IReadOnlyList<EntryHeader> entries) => entries.Count switch
    {
        0 => "none",
        1 => $"{entries[0].Id}",
        _ => $"{entries[0].Id}..{entries[^1].Id}",
    };
}
