using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node;

/// <summary>
/// What a recovery from a lost quorum would go on from, judged over all directories that were looked at. Immutable.
/// </summary>
/// <remarks>
/// Laws: its own directory holds every entry that any of them knows to be committed, and of all that do, its log is the
/// furthest, by term and then index. Term and index alone would not do: a leader of a later term may have written what
/// was never committed where another log holds what was (thesis 3.6.2).
/// </remarks>
public sealed class RecoveryPlan
{
    private readonly IReadOnlyList<DirectorySurvey> _all;

    private RecoveryPlan(DirectorySurvey own, IReadOnlyList<DirectorySurvey> others)
    {
        Own = own;
        Others = others;
        _all = [own, .. others];
        KnownCommitted = NewestCommitted(_all);
        Name = own.Identity.Name;
        NotSurveyed = [.. own.Roster.Members.Where(member => !IsSurveyed(member.Id))];
        HasMajority = CountsMajority(own.Config.Config.Voters)
            && (!own.Config.Config.IsJoint || CountsMajority(own.Config.Config.OutgoingVoters));
        Doubts = [.. ComputeDoubts()];
    }

    /// <summary>The directory that goes on.</summary>
    public DirectorySurvey Own { get; }

    /// <summary>The others that were looked at.</summary>
    public IReadOnlyList<DirectorySurvey> Others { get; }

    /// <summary>The name of the member that goes on.</summary>
    public string Name { get; }

    /// <summary>The last entry that any of them knows to be committed; the own directory holds it.</summary>
    public EntryId KnownCommitted { get; }

    /// <summary>Members of the last configuration whose directories were not looked at.</summary>
    public IReadOnlyList<MemberInfo> NotSurveyed { get; }

    /// <summary>Whether a majority of the voters was looked at: then everything acknowledged is there.</summary>
    public bool HasMajority { get; }

    /// <summary>What may be lost, and what could not be known, a sentence each.</summary>
    public IReadOnlyList<string> Doubts { get; }

    /// <summary>Judges whether the own directory is the one to go on from.</summary>
    /// <exception cref="RecoveryRefusedException">It is not.</exception>
    public static RecoveryPlan Judge(DirectorySurvey own, IReadOnlyList<DirectorySurvey> others)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(others);
        RequireMember(own);
        foreach (var other in others)
        {
            RequireSameCluster(own, other);
        }

        RequireFurthest(own, [own, .. others]);
        return new RecoveryPlan(own, others);
    }

    private static void RequireMember(DirectorySurvey own)
    {
        var voters = own.Config.Config.Voters;
        Require(
            !own.Identity.IsUnconfigured,
            $"{own.Path} belongs to no cluster, and so holds nothing to recover: name the directory of a member");
        Require(
            own.Last.Index > LogIndex.Zero && voters.Length > 0,
            $"{own.Path} holds no entry yet, and so nothing to recover: name the directory of another member");
        Require(
            own.Config.Config.IsJoint || voters is not [var only] || only != own.Identity.Member,
            $"{own.Path} is that of the only voter of its cluster, which has its quorum: start it");
    }

    private static void RequireSameCluster(DirectorySurvey own, DirectorySurvey other) => Require(
        other.Identity.Cluster == own.Identity.Cluster,
        other.Identity.IsUnconfigured
            ? $"{other.Path} belongs to no cluster: leave it out"
            : $"{other.Path} belongs to cluster {other.Identity.Cluster:x32}, {own.Path} to cluster "
                + $"{own.Identity.Cluster:x32}: logs of two clusters cannot be compared, leave it out");

    private static void RequireFurthest(DirectorySurvey own, IReadOnlyList<DirectorySurvey> all)
    {
        var committed = NewestCommitted(all);
        var furthest = own.HoldsCommitted(committed) ? own : null;
        foreach (var other in all.Where(survey => survey.HoldsCommitted(committed)))
        {
            furthest = furthest is null || other.Last > furthest.Last ? other : furthest;
        }

        Require(furthest is not null, $"no directory holds entry {committed}, which is known to be committed");
        Require(
            furthest == own,
            own.HoldsCommitted(committed)
                ? $"{furthest!.Path} (\"{furthest.Identity.Name}\") is further: its log ends with {furthest.Last}, "
                    + $"that of {own.Path} with {own.Last}. Recover there: "
                    + $"--data-dir {furthest.Path} --survey {own.Path}"
                : $"{own.Path} lacks entry {committed}, which is known to be committed. Recover where it is: "
                    + $"--data-dir {furthest!.Path} --survey {own.Path}");
    }

    private static EntryId NewestCommitted(IReadOnlyList<DirectorySurvey> all) =>
        all.Select(survey => survey.Committed).MaxBy(entry => entry.Index);

    private static void Require(bool condition, string fault)
    {
        if (!condition)
        {
            throw new RecoveryRefusedException(fault);
        }
    }

    private bool IsSurveyed(NodeId member) =>
        _all.Any(survey => survey.Identity.Member == member && !IsStranger(survey));

    // An emptied directory that came back under the old ids is not the member's memory.
    private bool IsStranger(DirectorySurvey survey)
    {
        var (member, directory) = (survey.Identity.Member, survey.Identity.Directory);
        return (Own.Roster.Find(member) is { } known && known.Directory != UInt128.Zero && known.Directory != directory)
            || _all.Any(other => other.Peers.Any(note => note.Member == member && note.Directory != directory));
    }

    private bool CountsMajority(ReadOnlySpan<NodeId> voters)
    {
        var surveyed = 0;
        foreach (var voter in voters)
        {
            surveyed += IsSurveyed(voter) ? 1 : 0;
        }

        return surveyed > voters.Length / 2;
    }

    private IEnumerable<string> ComputeDoubts()
    {
        foreach (var member in NotSurveyed.Where(member => !member.IsAnnounced))
        {
            yield return $"{RoleOf(member.Id)} {member} was not surveyed";
        }

        foreach (var other in _all.Where(IsStranger))
        {
            yield return $"{other.Path} is not the directory that \"{other.Identity.Name}\" was known with: it may "
                + "have been emptied, and proves nothing";
        }

        if (!HasMajority)
        {
            yield return $"what was acknowledged behind entry {Own.Last} is lost, if there was anything";
        }

        if (Own.Last.Index > KnownCommitted.Index)
        {
            var first = KnownCommitted.Index.Next;
            var which = first == Own.Last.Index ? $"entry {first} is" : $"entries {first} to {Own.Last.Index} are";
            yield return $"{which} kept without being known to be committed: there may be writes among them that "
                + "nobody was told of, or was told failed";
        }

        if (Own.Config.Index > KnownCommitted.Index)
        {
            yield return $"the members named by entry {Own.Config.Index} are not known to be in force";
        }

        if (!Own.Config.Config.Contains(Own.Identity.Member))
        {
            yield return $"\"{Name}\" is no member by entry {Own.Config.Index}: what the others wrote afterwards "
                + "is not in its log";
        }
        else if (Own.Config.Config.IsLearner(Own.Identity.Member))
        {
            yield return $"\"{Name}\" is a learner: it may lag behind what a majority of the voters holds";
        }
    }

    private string RoleOf(NodeId id) => Own.Config.Config.IsVoter(id) ? "voter" : "learner";
}
