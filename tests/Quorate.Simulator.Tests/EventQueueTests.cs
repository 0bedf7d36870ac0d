namespace Quorate.Simulator.Tests;

public sealed class EventQueueTests
{
    [Fact]
    public void Events_run_by_time_and_then_in_the_order_of_posting()
    {
        var events = new EventQueue();
        var ran = new List<string>();
        events.At(20, () => ran.Add("late"));
        events.At(10, () => ran.Add("first"));
        events.At(10, () => ran.Add("second"));

        while (events.RunNext(100))
        {
        }

        Assert.Equal(["first", "second", "late"], ran);
        Assert.Equal(100, events.Now);
    }

    [Fact]
    public void Many_events_come_out_sorted()
    {
        var events = new EventQueue();
        var random = new SimRandom(3);
        var ran = new List<long>();
        for (var i = 0; i < 2000; i++)
        {
            events.At(random.Below(500), () => ran.Add(events.Now));
        }

        while (events.RunNext(1000))
        {
        }

        Assert.Equal(2000, ran.Count);
        Assert.Equal(ran.Order(), ran);
    }
}
