using Quorate.Mvcc;

namespace Quorate.Node.Tests.Members;

/// <summary>What a node says of itself to those who would take it in.</summary>
public sealed class MemberStandingTests
{
    [Fact]
    public void Acknowledged_write_is_known_before_the_loop_has_published_it()
    {
        using var machine = new StateMachine(new StateMachineOptions());
        var standing = new MemberStanding(Roster.Empty, NodeState.Alone, new PeerNotes([]), () => machine);
        Assert.Equal(NodeState.Alone, standing.State);

        Apply(machine, new PutCommand("k"u8.ToArray(), "v"u8.ToArray()));

        Assert.Equal(NodeState.AloneWithData, standing.State);
    }

    [Theory]
    [InlineData(NodeState.Member)]
    [InlineData(NodeState.Unconfigured)]
    [InlineData(NodeState.Starting)]
    public void Other_states_do_not_depend_on_data(NodeState state)
    {
        using var machine = new StateMachine(new StateMachineOptions());
        var standing = new MemberStanding(Roster.Empty, state, new PeerNotes([]), () => machine);

        Apply(machine, new PutCommand("k"u8.ToArray(), "v"u8.ToArray()));

        Assert.Equal(state, standing.State);
    }

    private static void Apply(StateMachine machine, Command command)
    {
        var entry = new CommittedEntry(
            new AppliedId(1, 1), CommittedKind.Command, CommandCodec.ToBytes(command), WantsResult: false);
        machine.ApplyBatch([entry], new NoSink());
    }

    private sealed class NoSink : IApplySink
    {
        public void Completed(int ordinal, ApplyResult result)
        {
        }
    }
}
