namespace Quorate.Node.Tests;

public sealed class DeadlineWheelTests
{
    private readonly DeadlineWheel<Item> _wheel = new();
    private readonly List<Item> _due = [];

    [Fact]
    public void Items_are_due_at_their_tick_and_not_before()
    {
        var item = new Item { DeadlineTick = 30 };
        _wheel.Add(item);

        _wheel.Advance(29, _due);
        Assert.Empty(_due);

        _wheel.Advance(30, _due);
        Assert.Same(item, Assert.Single(_due));
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void A_deadline_beyond_one_turn_of_the_wheel_waits_for_its_turn()
    {
        _wheel.Add(new Item { DeadlineTick = 5000 });

        for (var tick = 1; tick < 5000; tick++)
        {
            _wheel.Advance(tick, _due);
        }

        Assert.Empty(_due);
        _wheel.Advance(5000, _due);
        Assert.Single(_due);
    }

    [Fact]
    public void A_long_pause_misses_nothing()
    {
        for (var tick = 1; tick <= 3000; tick += 7)
        {
            _wheel.Add(new Item { DeadlineTick = tick });
        }

        var count = _wheel.Count;
        _wheel.Advance(100_000, _due);

        Assert.Equal(count, _due.Count);
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void A_deadline_in_the_past_is_due_at_the_next_tick()
    {
        _wheel.Advance(50, _due);
        _wheel.Add(new Item { DeadlineTick = 3 });

        _wheel.Advance(51, _due);

        Assert.Single(_due);
    }

    [Fact]
    public void Removing_keeps_the_order_of_the_others()
    {
        Item[] items = [new() { DeadlineTick = 9 }, new() { DeadlineTick = 9 }, new() { DeadlineTick = 9 }];
        foreach (var item in items)
        {
            _wheel.Add(item);
        }

        _wheel.Remove(items[1]);
        _wheel.Advance(9, _due);

        Assert.Equal([items[0], items[2]], _due);
    }

    private sealed class Item : Timed<Item>;
}
