using Quorate.Cli.Client;

namespace Quorate.Cli.Commands;

/// <summary>
/// What to do about a refusal of the server, behind the server's own words and only where these do not say it.
/// </summary>
internal static class RefusalAdvice
{
    /// <summary>As in <c>; do this</c>; empty where the words say it all.</summary>
    public static string For(KvException fault) => (fault.Refusal ?? fault.Code) switch
    {
        "unconfigured" => "; begin a cluster with `quorate raft-add NAME ADDRESS`, naming this node itself, or have a "
            + "member take it in with `quorate member add`",
        "no_leader" or "not_leader" or "not_ready" =>
            "; `quorate status` shows who is there, and --wait 10s waits for a leader",
        "removed" => "; ask another member with --endpoints",
        "shutting_down" => "; ask another member with --endpoints, or later again",
        "change_under_way" or "busy" or "overloaded" => "; --wait 30s tries for longer",
        "would_lose_quorum" => ": --force does",
        "not_caught_up" => "; `quorate member list` shows how far it is",
        "not_a_learner" => "; there is nothing to do",
        "url_taken" =>
            "; `quorate member list` shows who is where, `quorate member update` changes where a member is reached",
        "name_taken" => "; `quorate member list` shows who has which name",
        "other_protocol" => "; run a version there that the other members understand",
        "other_cluster" or "other_directory" or "has_data" =>
            "; nothing was changed, and that node keeps what it has",
        "too_many" => "; remove a member first",
        "last_voter" => "; add another member first if the cluster is to go on without it",
        "no_such_voter" or "not_a_voter" => "; `quorate member list` shows who votes",
        "forbidden" => "; run the command where a member runs",
        "no_space" => "; make room on the disk of that node",
        "internal" => "; whether it was done is unknown, and the log of that node says what went wrong",
        _ => "",
    };
}
