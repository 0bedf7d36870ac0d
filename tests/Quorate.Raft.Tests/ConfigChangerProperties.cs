using FsCheck;
using FsCheck.Fluent;

namespace Quorate.Raft.Tests;

/// <summary>Steps between random configurations: what may follow what, and that quorums always meet.</summary>
public class ConfigChangerProperties
{
    [Fact]
    public void Change_is_judged_as_a_twin_says() =>
        Prop.ForAll<ushort, ushort>((now, next) =>
        {
            var (current, target) = Make(now, next);
            var expected = target.Voters.IsEmpty ? ConfigRefusal.LastVoter
                : target.Voters.ToArray().Any(id => !current.Contains(id)) ? ConfigRefusal.NotALearner
                : target.Learners.ToArray().Any(current.IsVoter) ? ConfigRefusal.StillAVoter
                : (ConfigRefusal?)null;
            return ConfigChanger.Judge(current, target) == expected;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_follows_a_joint_configuration_but_its_end() =>
        Prop.ForAll<byte, byte, byte>((voters, outgoing, next) =>
        {
            var joint = new ClusterConfig(Chosen(voters | 1), Chosen(outgoing | 2));
            var target = new ClusterConfig(Chosen(next | 1));
            return ConfigChanger.Judge(joint, target) == ConfigRefusal.ChangeUnderWay;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Change_ends_in_what_was_asked_for() =>
        Prop.ForAll<ushort, ushort>((now, next) =>
        {
            var (current, target) = Make(now, next);
            if (ConfigChanger.Judge(current, target) is not null)
            {
                return true;
            }

            var first = ConfigChanger.Enter(current, target);
            return current.Voters.SequenceEqual(target.Voters)
                ? first.Equals(target)
                : first.IsJoint && first.OutgoingVoters.SequenceEqual(current.Voters)
                    && ConfigChanger.Leave(first).Equals(target);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Quorums_of_two_configurations_that_follow_each_other_share_a_voter() =>
        Prop.ForAll<ushort, ushort, ushort>((now, next, answers) =>
        {
            var (current, target) = Make(now, next);
            if (ConfigChanger.Judge(current, target) is not null)
            {
                return true;
            }

            var first = ConfigChanger.Enter(current, target);
            var last = first.IsJoint ? ConfigChanger.Leave(first) : first;
            var (left, right) = ((byte)answers, (byte)(answers >> 8));
            return Meet(current, first, left, right) && Meet(first, last, left, right);
        }).QuickCheckThrowOnFailure();

    private static bool Meet(ClusterConfig one, ClusterConfig other, byte left, byte right) =>
        !Wins(one, left) || !Wins(other, right) || (left & right) != 0;

    private static bool Wins(ClusterConfig config, byte yes)
    {
        var tally = new VoteTally();
        foreach (var id in config.AllVoters())
        {
            tally.TryRecord(id, (yes >> (int)(id.Value - 1) & 1) == 1);
        }

        return tally.Judge(config) == VoteResult.Won;
    }

    // The target is drawn from the members of the current one with a few others, so that many may follow.
    private static (ClusterConfig Current, ClusterConfig Target) Make(ushort now, ushort next)
    {
        var (voters, learners) = ((byte)now, (byte)(now >> 8));
        var (nextVoters, nextLearners) = ((byte)next, (byte)(next >> 8));
        var current = new ClusterConfig(Chosen(voters | 1), learners: Chosen(learners & ~(voters | 1)));
        var target = new ClusterConfig(
            Chosen(nextVoters & (voters | learners | 0b1000_0001)),
            learners: Chosen(nextLearners & ~nextVoters & ~(voters & 0b0011_1111)));
        return (current, target);
    }

    private static NodeId[] Chosen(int bits) =>
        [.. Enumerable.Range(1, 8).Where(id => (bits >> (id - 1) & 1) == 1).Select(id => new NodeId((ulong)id))];
}
