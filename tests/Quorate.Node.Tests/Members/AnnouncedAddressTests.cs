namespace Quorate.Node.Tests.Members;

/// <summary>Who answers for an announced member answers at the address that it has now.</summary>
public sealed class AnnouncedAddressTests
{
    [Fact]
    public void Answer_from_an_address_that_was_given_up_meanwhile_takes_nobody_in()
    {
        using var cluster = TestCluster.OfList(1);
        var leader = cluster.UntilLed();
        var stranger = cluster.Add(2);
        var announced = leader.Change(new MemberChange.Announce([stranger.Url], StaysLearner: true));
        cluster.Until(() => announced.IsTold);
        stranger.StartUnconfigured();
        stranger.IsPaused = true;
        leader.IsPaused = true;
        var dials = cluster.Network.Dials;
        while (cluster.Network.Dials == dials)
        {
            leader.Member.Tick();
            leader.Member.PumpNode(16);
        }

        // The question is on its way to the address of before.
        var late = cluster.Add(3);
        var moved = leader.Change(new MemberChange.Update(announced.Outcome.Member, [late.Url]));
        for (var round = 0; !moved.IsTold; round++)
        {
            Assert.True(round < 100, "the address does not change");
            leader.Member.PumpNode(16);
            leader.RunDisk();
            leader.Member.PumpApply(16);
        }

        cluster.Network.Run();
        leader.IsPaused = false;
        stranger.IsPaused = false;
        cluster.Tick(300);
        Assert.True(leader.Member.Status().Find(announced.Outcome.Member)!.IsAnnounced);

        late.StartUnconfigured();
        cluster.Until(() => late.Member.Self == announced.Outcome.Member);
    }
}
