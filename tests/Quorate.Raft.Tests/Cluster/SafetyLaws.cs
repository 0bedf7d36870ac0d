namespace Quorate.Raft.Tests.Cluster;

/// <summary>The safety laws over all members (thesis, figure 3.2), and those of proposals and reads.</summary>
internal sealed class SafetyLaws
{
    private readonly SortedDictionary<ulong, NodeId> _leaders = [];
    private readonly List<EntryHeader> _committed = [default];
    private readonly Dictionary<ReadId, int> _readFloors = [];
    private readonly HashSet<ProposalId> _proposals = [];

    // Log matching: an entry has one content and one predecessor, wherever it stands.
    private readonly Dictionary<EntryId, (EntryHeader Header, EntryId Before)> _entries = [];

    // What a configuration entry says, wherever it stands.
    private readonly Dictionary<EntryId, ClusterConfig> _configs = [];

    public void OnApply(TestMember member, EntryHeader header)
    {
        // Durable here: as an entry, or as part of a snapshot that came meanwhile.
        Assert.True(
            header.Id.Index <= member.Disk.Before.Index || member.Disk.Entries.Contains(header),
            $"{member.Id} applies {header.Id}, which is not on its disk");
        NoteCommitted(header);
    }

    public void OnInstall(SnapshotMetadata metadata) =>
        Assert.Equal(metadata.Last, _committed[(int)metadata.Last.Index.Value].Id);

    /// <summary>
    /// A change was taken: one at a time, on a committed configuration, after an entry of the leader's own term.
    /// </summary>
    public void OnChange(RaftCore core, ConfigOutcome outcome)
    {
        if (outcome.Refused is not null)
        {
            return;
        }

        var before = core.ConfigAt(outcome.Entry.Index.Previous);
        Assert.False(before.Config.IsJoint);
        Assert.True(before.Index <= core.CommitIndex, $"{before.Config} is not committed");
        Assert.Equal(core.HardState.Term, core.Log.IdAt(core.CommitIndex).Term);
    }

    public void OnReadAsked(ReadId id) => _readFloors[id] = _committed.Count - 1;

    public void OnReadAnswered(ReadAnswer answer)
    {
        if (answer.Refused is null)
        {
            Assert.True((int)answer.Index.Value >= _readFloors[answer.Id], $"{answer} is older than what was applied");
        }

        Assert.True(_readFloors.Remove(answer.Id), $"{answer} is answered once");
    }

    public void CheckLog(RaftCore core)
    {
        var before = core.Log.Before;
        for (var index = core.Log.First; index <= core.Log.LastIndex; index = index.Next)
        {
            var header = core.Log.HeaderAt(index);
            if (!_entries.TryAdd(header.Id, (header, before)) && _entries[header.Id] != (header, before))
            {
                Assert.Fail($"{core.Self} holds {header} behind {before}, elsewhere it is {_entries[header.Id]}");
            }

            if (index <= core.CommitIndex && (int)index.Value < _committed.Count
                && _committed[(int)index.Value] != header)
            {
                Assert.Fail($"{core.Self} committed {header}, others {_committed[(int)index.Value]}");
            }

            before = header.Id;
        }

        foreach (var config in core.Log.Configs.Where(config => config.Index > core.Log.Before.Index))
        {
            var id = core.Log.IdAt(config.Index);
            Assert.Equal(_configs.TryAdd(id, config.Config) ? config.Config : _configs[id], config.Config);
        }
    }

    public void CheckLeader(TestMember member, RaftCore core)
    {
        if (core.Role is not RoleState.Leader)
        {
            return;
        }

        var term = core.HardState.Term.Value;
        Assert.Equal(member.Id, _leaders.GetValueOrDefault(term, member.Id));
        if (!_leaders.TryAdd(term, member.Id))
        {
            return;
        }

        // Leader completeness: what was applied anywhere is in the log of every later leader.
        var last = _committed[^1];
        Assert.True(core.Log.LastIndex >= last.Id.Index, $"{member.Id} leads t{term} without {last.Id}");
    }

    private void NoteCommitted(EntryHeader header)
    {
        var index = (int)header.Id.Index.Value;
        if (index < _committed.Count)
        {
            Assert.Equal(_committed[index], header);
            return;
        }

        Assert.Equal(_committed.Count, index);
        _committed.Add(header);
        if (header.Proposal != ProposalId.None)
        {
            Assert.True(_proposals.Add(header.Proposal), $"{header.Proposal} is applied once");
        }
    }
}
