namespace Quorate.Raft.Tests.Cluster;

/// <content>Members that come and go.</content>
internal sealed partial class FuzzRun
{
    private readonly bool _hasSpares;

    // Whatever may be asked, sensible or not: the core judges.
    private void ChangeSome(TestMember asked)
    {
        if (_random.Chance(20))
        {
            var target = _members[_random.Below(_members.Length)].Id;
            asked.Do(core => _ = _random.Chance(50) ? core.TransferLeadership(target) : core.ForceElection());
            return;
        }

        var config = asked.Core!.Config.Config;
        var voters = config.Voters.ToArray().ToList();
        var learners = config.Learners.ToArray().ToList();
        for (var change = _random.Below(2); change >= 0; change--)
        {
            Draw(voters, learners);
        }

        if (voters.Count == 0)
        {
            return;
        }

        var wanted = new ClusterConfig([.. voters], learners: [.. learners]);
        var proposal = asked.NextProposal().Id;
        var isForced = _random.Chance(10);
        Trace($"ask {asked.Id} for {wanted}");
        asked.Do(core => _laws.OnChange(core, core.ProposeConfig(proposal, wanted, isForced)));
    }

    private void Draw(List<NodeId> voters, List<NodeId> learners)
    {
        var id = _members[_random.Below(_members.Length)].Id;
        if (learners.Remove(id))
        {
            if (_random.Chance(80))
            {
                voters.Add(id);
            }
        }
        else if (!voters.Remove(id) && learners.Count < 2)
        {
            learners.Add(id);
        }
    }
}
