using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Simulator;

/// <summary>
/// Every change of the members that was asked for, and what committed configurations did: whatever happened was
/// asked for by somebody who was not told that it was not done.
/// </summary>
internal sealed class ChangeBook
{
    private readonly Dictionary<string, List<AskedChange>> _askedFor = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _effects = new(StringComparer.Ordinal);
    private (ClusterConfig Config, Roster Roster) _last = (ClusterConfig.Empty, Roster.Empty);

    /// <summary>Somebody asks.</summary>
    public AskedChange Asked(MemberChange change)
    {
        var asked = new AskedChange(change);
        foreach (var effect in EffectsOf(change))
        {
            if (!_askedFor.TryGetValue(effect, out var others))
            {
                _askedFor[effect] = others = [];
            }

            others.Add(asked);
        }

        return asked;
    }

    /// <summary>The next configuration is committed.</summary>
    public void Committed(ClusterConfig config)
    {
        var roster = Roster.Of(config);
        foreach (var member in roster.Members)
        {
            var before = _last.Roster.Find(member.Id);
            if (member.Name.StartsWith('m'))
            {
                Happened(NameEffect(member.Name));
            }

            foreach (var url in member.PeerUrls.Where(IsAnnounced))
            {
                Happened(UrlEffect(url));
            }

            if (before is { StaysLearner: true, IsAnnounced: false } && _last.Config.IsLearner(member.Id)
                && config.IsVoter(member.Id))
            {
                Happened($"promotion of {member.Id}");
            }
        }

        foreach (var gone in _last.Roster.Members.Where(member => roster.Find(member.Id) is null))
        {
            Happened(RemovalEffect(gone.Id));
        }

        _last = (config, roster);
    }

    /// <summary>Somebody was told that it was not done; nothing of it may have been.</summary>
    public void Judge()
    {
        foreach (var effect in _effects)
        {
            JudgeOne(effect);
        }
    }

    private static IEnumerable<string> EffectsOf(MemberChange change) => change switch
    {
        MemberChange.Add add => [NameEffect(add.Name)],
        MemberChange.Announce announce => announce.PeerUrls.Where(IsAnnounced).Select(UrlEffect),
        MemberChange.Update update => update.PeerUrls.Where(IsAnnounced).Select(UrlEffect),
        MemberChange.Promote promote => [$"promotion of {promote.Member}"],
        MemberChange.Remove remove => [RemovalEffect(remove.Member)],
        MemberChange.Replace replace => [NameEffect(replace.Name), RemovalEffect(replace.Member)],
        _ => [],
    };

    private static bool IsAnnounced(string url) => url.Contains("later", StringComparison.Ordinal);

    private static string NameEffect(string name) => $"member {name}";

    private static string UrlEffect(string url) => $"member at {url}";

    private static string RemovalEffect(NodeId id) => $"removal of {id}";

    private void Happened(string effect)
    {
        if (_effects.Add(effect))
        {
            JudgeOne(effect);
        }
    }

    private void JudgeOne(string effect)
    {
        if (!_askedFor.TryGetValue(effect, out var asked))
        {
            throw new CheckerException("Outcomes", $"{effect}: committed, and nobody asked for it");
        }

        if (asked.TrueForAll(static change => change.Outcome is { Kind: OutcomeKind.NotDone }))
        {
            throw new CheckerException(
                "Outcomes", $"{effect}: committed, and told not done: {asked[^1].Change}: {asked[^1].Outcome}");
        }
    }
}

/// <summary>A change that was asked for, and what its waiter was told.</summary>
internal sealed class AskedChange(MemberChange change)
{
    public MemberChange Change => change;

    /// <summary>Null while nothing was told.</summary>
    public ChangeOutcome? Outcome { get; set; }
}
