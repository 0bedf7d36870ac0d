using System.Globalization;
using Quorate.Cli.Client;

namespace Quorate.Cli.Cluster;

/// <summary>
/// One node in the layout of Permazen's <c>raft-status</c>. What Quorate does not have is left out: a limit for open
/// transactions, entries one by one, the commit index as followers were told it.
/// </summary>
internal sealed class RaftStatusReport(TextWriter output, NodeStatus status, MemberList list)
{
    private const string Unconfigured = "Unconfigured";

    private bool Leads => status.Role == "leader";

    /// <summary>Prints all sections that the role has.</summary>
    public void Print(DateTimeOffset now)
    {
        PrintConfiguration();
        PrintCluster();
        PrintState(now);
        if (Leads)
        {
            PrintLeader();
        }
        else if (status.Role == "candidate")
        {
            Title("Candidate Info");
            Line("Votes Required", $"{status.VotesRequired}");
            Line("Votes Received", $"{status.VotesGranted}");
        }
        else
        {
            PrintFollower();
        }

        output.WriteLine();
    }

    private void PrintConfiguration()
    {
        Title("Configuration");
        Line("Log directory", status.InMemory ? "None; all is in memory" : status.Directory ?? "Unknown");
        Line("Min election timeout", SpanText.OfMilliseconds(status.ElectionMs));
        Line("Max election timeout", SpanText.OfMilliseconds(status.ElectionMaxMs));
        Line("Heartbeat timeout", SpanText.OfMilliseconds(status.HeartbeatMs));
        Line("Commit timeout", SpanText.OfMilliseconds(status.RequestTimeoutMs));
        Line("Follower probing enabled", "Yes");
    }

    private void PrintCluster()
    {
        Title("Cluster Info");
        Line("Cluster identity", Quoted(status.Me?.Id));
        Line("Cluster ID", status.IsUnconfigured ? Unconfigured : $"0x{status.ClusterId}");
        Line("Node is cluster member", YesOrNo(list.Members.Any(IsMe)));
        if (status.IsUnconfigured)
        {
            Line("Cluster configuration", Unconfigured);
            return;
        }

        output.WriteLine("Cluster configuration:");
        output.WriteLine();
        output.WriteLine("  Identity         Address");
        output.WriteLine("  --------         -------");
        foreach (var member in list.Members)
        {
            var named = member.Name.Length > 0 ? Quoted(member.Name) : member.Id;
            var address = string.Join(',', member.PeerUrls.Select(PeerUrls.ToAddress));
            var notVoting = member.IsVoter ? "" : $" ({member.State})";
            output.WriteLine(TablePrinter.Printable($"{(IsMe(member) ? '*' : ' ')} {named,-16} {address}{notVoting}"));
        }
    }

    private void PrintState(DateTimeOffset now)
    {
        Title("Raft State");
        Line("Last applied log entry", $"{status.HashIndex}t{status.HashTerm}");
        Line("Commit Index", $"{status.Commit}");
        Line("Current term", $"{status.Term}");
        if (status.TermMs is { } age)
        {
            var started = (now - TimeSpan.FromMilliseconds(age)).ToString(
                "yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
            Line("Term started", $"{started} ({SpanText.OfMilliseconds(age)} ago)");
        }

        Line("Current Role", RoleName());
        Line("Unapplied memory usage", SizeText.Of(status.Unapplied));
        Line("Unapplied log entries", $"{status.Last - Math.Min(status.Last, status.HashIndex)}");
        if (list.IsChanging)
        {
            Line("Config change", "Under way");
        }
    }

    // One that asks whether it would be elected is a follower that probes, in Permazen's words.
    private string RoleName() => status.Role switch
    {
        "leader" => "LEADER",
        "candidate" => "CANDIDATE",
        _ => "FOLLOWER",
    };

    private void PrintLeader()
    {
        Title("Leader Info");

        // No safety rests on clocks here: reads ask a quorum.
        Line("Lease Timeout", "Not established");
        Line("Followers", $"{status.Followers.Count}");
        if (status.Followers.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine("  Identity         Status   Match      Next       Timestamp");
        output.WriteLine("  --------         ------   -----      ----       ---------");
        foreach (var follower in status.Followers)
        {
            var contact = follower.LastContactMs is { } age ? $"{SpanText.OfMilliseconds(age)} ago" : "Never";
            output.WriteLine(TablePrinter.Printable(
                $"  {Quoted(follower.Id),-16} {StatusOf(follower),-8} {follower.Match,-10} {follower.Next,-10} "
                + contact));
        }
    }

    private static string StatusOf(FollowerStatus follower) => follower.State switch
    {
        "snapshot" => "Snapshot",
        "replicate" => "Synced",
        null => "Unknown",
        _ => "No Sync",
    };

    private void PrintFollower()
    {
        Title("Follower Info");
        Line("Leader Identity", string.IsNullOrEmpty(status.Leader?.Id) ? "Unknown" : Quoted(status.Leader.Id));
        Line("Leader Address", string.IsNullOrEmpty(status.Leader?.Address) ? "Unknown" : status.Leader.Address);
        Line("Voted For", status.VotedFor is { } name ? Quoted(name) : "Nobody");
        Line(
            "Election timer running",
            status.ElectionTimerMs is { } left ? $"Yes; expires in {left}ms" : "No");
        Line(
            "Election nodes probed",
            status.Role == "pre-candidate" ? $"{status.VotesGranted} / {status.VotesRequired}" : "Not probing");
    }

    private void Title(string title)
    {
        output.WriteLine();
        output.WriteLine(title);
        output.WriteLine(new string('=', title.Length));
        output.WriteLine();
    }

    private void Line(string label, string value) =>
        output.WriteLine($"{label,-24}: {TablePrinter.Printable(value)}");

    private bool IsMe(ClusterMember member) => member.Id == status.MemberId;

    private static string Quoted(string? text) => $"\"{text}\"";

    private static string YesOrNo(bool value) => value ? "Yes" : "No";
}
