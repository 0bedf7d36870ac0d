using System.Net;
using System.Text;
using Quorate.Raft;

namespace Quorate.Node;

/// <summary>From a change that is asked for to the configuration that it ends in. Pure.</summary>
/// <param name="cluster">Our cluster.</param>
/// <param name="config">The configuration in force.</param>
internal sealed class MemberChanger(UInt128 cluster, ClusterConfig config)
{
    /// <summary>Most members of a cluster, learners and announced ones among them.</summary>
    public const int MembersMax = 31;

    private const string HowToEmpty = "empty it with \"quorate reset --data-dir\", then add it";
    private readonly Roster _roster = Roster.Of(config);

    /// <summary>
    /// The URLs at which somebody must be met before the change is judged; none when it needs nobody.
    /// </summary>
    public static IReadOnlyList<string> UrlsToReach(MemberChange change, Roster roster) => change switch
    {
        MemberChange.Add add => add.PeerUrls,
        MemberChange.Replace replace => replace.PeerUrls,
        MemberChange.Update update when roster.Find(update.Member) is { IsAnnounced: false } => update.PeerUrls,
        _ => [],
    };

    /// <summary>The member that a change names; null where it makes one, or finds out which.</summary>
    public static NodeId? Subject(MemberChange change) => change switch
    {
        MemberChange.Update update => update.Member,
        MemberChange.Promote promote => promote.Member,
        MemberChange.Remove remove => remove.Member,
        _ => null,
    };

    /// <summary>Says what cannot be about a change whatever the cluster is; null when it can be.</summary>
    public static string? FindFault(MemberChange change)
    {
        var (name, urls) = change switch
        {
            MemberChange.Add add => (add.Name, add.PeerUrls),
            MemberChange.Announce announce => ("", announce.PeerUrls),
            MemberChange.Update update => ("", update.PeerUrls),
            MemberChange.Replace replace => (replace.Name, replace.PeerUrls),
            _ => ("", null),
        };
        if (Encoding.UTF8.GetByteCount(name) > PeerHello.NameBytesMax || name.Any(char.IsControl))
        {
            return $"a name has at most {PeerHello.NameBytesMax} bytes and no control characters";
        }

        if (urls is null)
        {
            return null;
        }

        if (urls.Count is 0 or > PeerHello.UrlsMax)
        {
            return $"a member has 1 to {PeerHello.UrlsMax} peer URLs";
        }

        var bad = urls.FirstOrDefault(url => !IsPeerUrl(url));
        var everywhere = bad is null ? urls.FirstOrDefault(IsUndialable) : null;
        return bad is not null ? $"'{bad}' is no peer URL such as http://10.0.0.1:2380"
            : everywhere is not null
                ? $"nobody can dial '{everywhere}': name the address and the port at which the others reach the member"
            : urls.Distinct(StringComparer.Ordinal).Count() < urls.Count ? "a peer URL is named twice" : null;
    }

    /// <summary>Judges a change. <paramref name="found"/> is who answered where somebody had to be reached.</summary>
    public ChangePlan Plan(MemberChange change, PeerHello? found, NodeId newId) => change switch
    {
        MemberChange.Add add => PlanAdd(add.Name, add.PeerUrls, add.StaysLearner, NodeId.None, found!, newId),
        MemberChange.Announce announce => PlanAnnounce(announce, newId),
        MemberChange.Update update => WithMember(update.Member, member => PlanUpdate(member, update.PeerUrls, found)),
        MemberChange.Promote promote => WithMember(promote.Member, PlanPromote),
        MemberChange.Remove remove => WithMember(remove.Member, PlanRemove),
        MemberChange.Replace replace => WithMember(
            replace.Member,
            member => PlanAdd(replace.Name, replace.PeerUrls, staysLearner: false, member.Id, found!, newId)),
        _ => throw new InvariantViolationException($"every change is judged, {change} too"),
    };

    /// <summary>An announced member has answered for the first time.</summary>
    /// <param name="announced">As it was announced, or as it is wanted now.</param>
    /// <param name="found">Who answered.</param>
    /// <param name="name">The name that it is to have; empty for the one it has.</param>
    public ChangePlan PlanContact(MemberInfo announced, PeerHello found, string name = "")
    {
        if (JudgeNewcomer(found) is { } refusal)
        {
            return refusal;
        }

        var wanted = name.Length > 0 ? name : found.Name;
        if (FindNamesake(wanted, announced.Replaces) is { } other)
        {
            return Refuse(
                ChangeRefusal.NameTaken, $"{found} would bear the name of {other}; start it with another --name");
        }

        var known = announced with { Name = wanted, Directory = found.DirectoryId, IsAnnounced = false };
        return Take(_roster.With(known), known.Id, config.Voters, [.. config.Learners, known.Id]);
    }

    /// <summary>
    /// Notes the data directories of members that are known with none; null when there is nothing to note.
    /// </summary>
    public ClusterConfig? PlanDirectories(Func<NodeId, UInt128?> known)
    {
        var roster = _roster;
        foreach (var member in _roster.Members)
        {
            if (member is { IsAnnounced: false } && member.Directory == UInt128.Zero)
            {
                // All at once: one entry says it for good.
                if (known(member.Id) is not { } directory)
                {
                    return null;
                }

                roster = roster.With(member with { Directory = directory });
            }
        }

        return ReferenceEquals(roster, _roster) ? null : Target(roster, config.Voters, config.Learners);
    }

    private static bool IsPeerUrl(string url) =>
        Encoding.UTF8.GetByteCount(url) is >= 1 and <= PeerHello.UrlBytesMax
        && Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && uri.Scheme == Uri.UriSchemeHttp && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0
        && url.TrimEnd('/').EndsWith($":{uri.Port}", StringComparison.Ordinal);

    // Each member that dials it would reach itself, and not the one that is meant.
    private static bool IsUndialable(string url)
    {
        var uri = new Uri(url);
        return uri.Port == 0
            || (IPAddress.TryParse(uri.DnsSafeHost, out var address)
                && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)));
    }

    private ChangePlan WithMember(NodeId id, Func<MemberInfo, ChangePlan> plan) => _roster.Find(id) is { } member
        ? plan(member)
        : Refuse(ChangeRefusal.NoSuchMember, _roster.Removed.Contains(id)
            ? $"member {id} was removed already"
            : $"there is no member {id}; the members are {_roster}");

    private ChangePlan PlanAdd(
        string name, IReadOnlyList<string> urls, bool staysLearner, NodeId replaces, PeerHello found, NodeId newId)
    {
        if (FindKnown(found) is { } known)
        {
            return replaces == NodeId.None || known.Replaces == replaces
                ? PlanAgain(known, name, urls)
                : Refuse(
                    ChangeRefusal.UrlTaken,
                    $"{known} answers there, and a member cannot take the place of another; "
                    + "name a node that holds nothing");
        }

        if (replaces != NodeId.None
            && _roster.Members.FirstOrDefault(member => member.Replaces == replaces) is { } heir)
        {
            return Refuse(
                ChangeRefusal.ChangeUnderWay,
                $"{heir} is about to take that place; wait until it has, or remove it first");
        }

        if (JudgeNewcomer(found) is { } refusal)
        {
            return refusal;
        }

        if (_roster.Members.FirstOrDefault(member => member.IsAnnounced && SharesUrl(member, urls)) is { } announced)
        {
            // One that is to be replaced at its own address has only come at last.
            var heirOf = announced.Id == replaces ? NodeId.None : replaces;
            var asked = announced with { StaysLearner = staysLearner, Replaces = heirOf };
            return PlanContact(asked, found, name);
        }

        var wanted = name.Length > 0 ? name : found.Name;
        if (FindNamesake(wanted, replaces) is { } namesake)
        {
            return Refuse(
                ChangeRefusal.NameTaken,
                $"{namesake} has that name, and another data directory than the node at {string.Join(',', urls)}; "
                + $"if it lost its data, use \"quorate member replace {wanted}\", else give the new node another name");
        }

        if (JudgeUrls(urls, replaces) is { } taken)
        {
            return taken;
        }

        var added = new MemberInfo(newId, wanted, urls)
        {
            Directory = found.DirectoryId,
            StaysLearner = staysLearner,
            Replaces = replaces,
        };
        return Take(_roster.With(added), newId, config.Voters, [.. config.Learners, newId]);
    }

    // Who lost its disk comes back in its own place: under its name, and at its address.
    private MemberInfo? FindNamesake(string name, NodeId replaced) => name.Length == 0
        ? null
        : _roster.Members.FirstOrDefault(member => member.Name == name && member.Id != replaced);

    // Who is found there is a member, or is about to become one.
    private MemberInfo? FindKnown(PeerHello found) =>
        _roster.Members.FirstOrDefault(member => IsThatMember(found, member));

    private ChangePlan PlanAgain(MemberInfo known, string name, IReadOnlyList<string> urls)
    {
        if (name.Length > 0 && name != known.Name)
        {
            var why = $"that node is {known} already; remove it before it takes a new name";
            return Refuse(ChangeRefusal.NameTaken, why);
        }

        return IsSame(known.PeerUrls, urls)
            ? ChangePlan.NothingToDo(known.Id)
            : JudgeUrls(urls, known.Id) ?? Take(_roster.With(known with { PeerUrls = urls }), known.Id);
    }

    private ChangePlan? JudgeNewcomer(PeerHello found) => found switch
    {
        { State: NodeState.Unconfigured or NodeState.Alone } when found.ClusterId != cluster => null,
        { State: NodeState.Starting } when found.ClusterId != cluster => Refuse(
            ChangeRefusal.Busy,
            $"{found} is starting or just joining a cluster, and cannot say yet whether it is empty; try again"),
        { State: NodeState.AloneWithData } when found.ClusterId != cluster => Refuse(
            ChangeRefusal.HasData, $"{found} holds data of its own, or is changing; {HowToEmpty}"),
        { State: NodeState.Removed } => Refuse(
            ChangeRefusal.HasData, $"{found} was removed from its cluster and still holds data; {HowToEmpty}"),
        _ when found.ClusterId == cluster && _roster.Find(found.Member) is { } lost => Refuse(
            ChangeRefusal.OtherDirectory,
            $"{found} was {lost}, and has lost what it knew: {HowToEmpty} in its place (quorate member replace)"),
        _ when found.ClusterId == cluster => Refuse(
            ChangeRefusal.HasData, $"{found} belonged to this cluster before and still holds data; {HowToEmpty}"),
        _ => Refuse(ChangeRefusal.OtherCluster, $"{found} belongs to another cluster; {HowToEmpty}"),
    };

    private ChangePlan PlanAnnounce(MemberChange.Announce announce, NodeId newId)
    {
        if (JudgeUrls(announce.PeerUrls, NodeId.None) is { } taken)
        {
            return taken;
        }

        var announced = new MemberInfo(newId, "", announce.PeerUrls)
        {
            IsAnnounced = true,
            StaysLearner = announce.StaysLearner,
        };
        return Take(_roster.With(announced), newId);
    }

    private ChangePlan PlanUpdate(MemberInfo member, IReadOnlyList<string> urls, PeerHello? found)
    {
        if (JudgeUrls(urls, member.Id) is { } taken)
        {
            return taken;
        }

        if (found is not null && !IsThatMember(found, member))
        {
            return Refuse(
                found.Member == member.Id ? ChangeRefusal.OtherDirectory : ChangeRefusal.OtherCluster,
                $"{found} answers at {string.Join(',', urls)}, and that is not {member}");
        }

        return IsSame(member.PeerUrls, urls)
            ? ChangePlan.NothingToDo(member.Id)
            : Take(_roster.With(member with { PeerUrls = urls }), member.Id);
    }

    private bool IsThatMember(PeerHello found, MemberInfo member) => member.Directory == UInt128.Zero
        ? found.ClusterId == cluster && found.Member == member.Id
        : found.DirectoryId == member.Directory;

    private ChangePlan PlanPromote(MemberInfo member)
    {
        if (member.IsAnnounced)
        {
            return Refuse(ChangeRefusal.NotCaughtUp, $"{member} has not answered yet; start it first");
        }

        if (!config.IsLearner(member.Id))
        {
            return Refuse(ChangeRefusal.NotALearner, $"{member} is a voter already");
        }

        var roster = _roster.With(member with { StaysLearner = false, Replaces = NodeId.None });
        var leaving = _roster.Find(member.Replaces);
        NodeId[] voters = [.. config.Voters, member.Id];
        return leaving is null
            ? Take(roster, member.Id, voters, Except(config.Learners, member.Id))
            : Take(
                roster.Without(leaving.Id), member.Id, Except(voters, leaving.Id),
                Except(config.Learners, member.Id, leaving.Id));
    }

    private ChangePlan PlanRemove(MemberInfo member) => config.Voters is [var only] && only == member.Id
        ? Refuse(ChangeRefusal.LastVoter, $"{member} is the last voter; to end the cluster, shut it down")
        : Take(
            _roster.Without(member.Id),
            member.Id,
            Except(config.Voters, member.Id),
            Except(config.Learners, member.Id));

    private ChangePlan? JudgeUrls(IReadOnlyList<string> urls, NodeId but)
    {
        var other = _roster.Members.FirstOrDefault(member => member.Id != but && SharesUrl(member, urls));
        return other is null ? null : Refuse(ChangeRefusal.UrlTaken, $"{other} has that peer URL");
    }

    private static bool SharesUrl(MemberInfo member, IReadOnlyList<string> urls) =>
        member.PeerUrls.Intersect(urls, StringComparer.Ordinal).Any();

    private static bool IsSame(IReadOnlyList<string> left, IReadOnlyList<string> right) =>
        left.Order(StringComparer.Ordinal).SequenceEqual(right.Order(StringComparer.Ordinal));

    private static NodeId[] Except(ReadOnlySpan<NodeId> ids, params ReadOnlySpan<NodeId> left)
    {
        var kept = new List<NodeId>();
        foreach (var id in ids)
        {
            if (!left.Contains(id))
            {
                kept.Add(id);
            }
        }

        return [.. kept];
    }

    private ChangePlan Take(Roster roster, NodeId member) => Take(roster, member, config.Voters, config.Learners);

    private ChangePlan Take(
        Roster roster, NodeId member, ReadOnlySpan<NodeId> voters, ReadOnlySpan<NodeId> learners) =>
        roster.Members.Count > Math.Max(MembersMax, _roster.Members.Count)
            ? Refuse(ChangeRefusal.TooMany, $"a cluster has at most {MembersMax} members")
            : new ChangePlan(Target(roster, voters, learners), member, null, "");

    private static ClusterConfig Target(Roster roster, ReadOnlySpan<NodeId> voters, ReadOnlySpan<NodeId> learners) =>
        new(voters.ToArray(), learners: learners.ToArray(), attachment: roster.ToBytes());

    private static ChangePlan Refuse(ChangeRefusal why, string words) => new(null, NodeId.None, why, words);
}

/// <summary>What a change comes to.</summary>
/// <param name="Target">The configuration to propose; null when there is nothing to do, or it was refused.</param>
/// <param name="Member">Whom it is about.</param>
/// <param name="Refused">Why it was refused, or null.</param>
/// <param name="Words">What is wrong, and what to do.</param>
internal readonly record struct ChangePlan(ClusterConfig? Target, NodeId Member, ChangeRefusal? Refused, string Words)
{
    /// <summary>Everything is so already.</summary>
    public static ChangePlan NothingToDo(NodeId member) => new(null, member, null, "");
}
