using FsCheck;
using FsCheck.Fluent;

namespace Quorate.Raft.Tests;

/// <summary>Quorum arithmetic against twins that sort and count.</summary>
public class QuorumProperties
{
    [Fact]
    public void Agreed_is_what_a_sort_says() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            var values = Array.ConvertAll(bytes, value => (ulong)value);
            var agreed = MajorityQuorum.Agreed((ulong[])values.Clone());
            return agreed == SortedTwin(values);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Agreed_is_reached_by_a_majority_and_nothing_higher_is() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            if (bytes.Length == 0)
            {
                return true;
            }

            var values = Array.ConvertAll(bytes, value => (ulong)value);
            var agreed = MajorityQuorum.Agreed((ulong[])values.Clone());
            return values.Count(value => value >= agreed) > values.Length / 2
                && values.Count(value => value > agreed) <= values.Length / 2;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Joint_agreed_is_the_lower_of_both() =>
        Prop.ForAll<byte[], byte[]>((left, right) =>
        {
            var incoming = Array.ConvertAll(left, value => (ulong)value);
            var outgoing = Array.ConvertAll(right, value => (ulong)value);
            var expected = left.Length + right.Length == 0
                ? 0
                : Math.Min(SortedTwin(incoming), SortedTwin(outgoing));
            return JointQuorum.Agreed(incoming, outgoing) == expected;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_vote_is_judged_as_counting_says() =>
        Prop.ForAll<bool?[]>(answers =>
        {
            var yes = answers.Count(answer => answer == true);
            var no = answers.Count(answer => answer == false);
            var open = answers.Length - yes - no;
            var expected = answers.Length == 0 || yes > answers.Length / 2 ? VoteResult.Won
                : yes + open > answers.Length / 2 ? VoteResult.Pending
                : VoteResult.Lost;
            return MajorityQuorum.Judge(yes, no, answers.Length) == expected;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Two_quorums_of_one_configuration_share_a_voter() =>
        Prop.ForAll<byte, ushort, ushort>((count, left, right) =>
        {
            var ids = Enumerable.Range(1, 1 + (count % 9)).Select(id => new NodeId((ulong)id)).ToArray();
            var config = new ClusterConfig(ids);
            var both = Won(config, left) && Won(config, right);
            return !both || ids.Any(id => Says(id, left) && Says(id, right));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_quorum_of_a_joint_configuration_shares_a_voter_with_either_side() =>
        Prop.ForAll<ushort, ushort, uint>((old, next, answers) =>
        {
            var incoming = Chosen(next | 1u);
            var outgoing = Chosen(old | 2u);
            var joint = new ClusterConfig(incoming, outgoing);
            var left = (ushort)answers;
            var right = (ushort)(answers >> 16);
            return !Won(joint, left)
                || ((!Won(new ClusterConfig(incoming), right) || incoming.Any(id => Says(id, left) && Says(id, right)))
                && (!Won(new ClusterConfig(outgoing), right) || outgoing.Any(id => Says(id, left) && Says(id, right))));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Only_voters_count_and_each_once()
    {
        var config = new ClusterConfig([new NodeId(1), new NodeId(2), new NodeId(3)], learners: [new NodeId(4)]);
        var tally = new VoteTally();

        Assert.True(tally.TryRecord(new NodeId(1), granted: true));
        Assert.False(tally.TryRecord(new NodeId(1), granted: true));
        Assert.True(tally.TryRecord(new NodeId(4), granted: true));
        Assert.True(tally.TryRecord(new NodeId(9), granted: true));

        Assert.Equal(VoteResult.Pending, tally.Judge(config));
    }

    private static ulong SortedTwin(ulong[] values) =>
        values.Length == 0 ? ulong.MaxValue : values.OrderDescending().ElementAt(values.Length / 2);

    private static NodeId[] Chosen(uint bits) =>
        [.. Enumerable.Range(1, 16).Where(id => (bits >> (id - 1) & 1) == 1).Select(id => new NodeId((ulong)id))];

    private static bool Says(NodeId id, ushort bits) => (bits >> (int)(id.Value - 1) & 1) == 1;

    private static bool Won(ClusterConfig config, ushort bits)
    {
        var tally = new VoteTally();
        foreach (var id in config.AllVoters())
        {
            tally.TryRecord(id, Says(id, bits));
        }

        return tally.Judge(config) == VoteResult.Won;
    }
}
