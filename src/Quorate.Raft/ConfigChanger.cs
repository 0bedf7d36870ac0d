namespace Quorate.Raft;

/// <summary>
/// The steps from one configuration to the next (thesis 4.3). Pure: what a leader knows of its peers is judged apart.
/// </summary>
internal static class ConfigChanger
{
    /// <summary>
    /// Says why no step leads from one configuration to the other, whatever the state of the members.
    /// </summary>
    public static ConfigRefusal? Judge(ClusterConfig current, ClusterConfig target)
    {
        Invariant.Holds(!target.IsJoint, "a change names the configuration it ends in");
        if (current.IsJoint)
        {
            return ConfigRefusal.ChangeUnderWay;
        }

        if (target.Voters.IsEmpty)
        {
            return ConfigRefusal.LastVoter;
        }

        foreach (var voter in target.Voters)
        {
            // Who begins as a voter begins with an empty log, and could cost the quorum until it has filled it.
            if (!current.Contains(voter))
            {
                return ConfigRefusal.NotALearner;
            }
        }

        foreach (var learner in target.Learners)
        {
            if (current.IsVoter(learner))
            {
                return ConfigRefusal.StillAVoter;
            }
        }

        return null;
    }

    /// <summary>
    /// The configuration of the first entry: joint when the voters change, otherwise the target itself.
    /// </summary>
    public static ClusterConfig Enter(ClusterConfig current, ClusterConfig target) =>
        current.Voters.SequenceEqual(target.Voters)
            ? target
            : new ClusterConfig(
                target.Voters.ToArray(), current.Voters.ToArray(), target.Learners.ToArray(), target.Attachment);

    /// <summary>The configuration of the entry that leaves a joint one.</summary>
    public static ClusterConfig Leave(ClusterConfig joint) =>
        new(joint.Voters.ToArray(), learners: joint.Learners.ToArray(), attachment: joint.Attachment);
}
