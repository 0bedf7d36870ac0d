namespace Quorate.Mvcc.Tests;

/// <summary>The interval rule: a block made in batch b and retired in r belongs to the roots b to r - 1.</summary>
public sealed unsafe class IndexMemoryTests
{
    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public void A_block_waits_exactly_for_the_pins_that_reach_it(long pin, bool expected)
    {
        using var memory = new IndexMemory(retiredMax: 1, poison: false);
        var pins = new PinTable();
        var node = memory.NewNode(BlockKind.Leaf, batch: 5);
        var slot = pins.Take(pin);

        memory.Retire(node, batch: 8);
        memory.Sweep(pins);

        Assert.Equal(expected ? 1 : 0, memory.RetiredCount);
        slot.Release();
        memory.Sweep(pins);
        Assert.Equal(0, memory.RetiredCount);
    }

    [Fact]
    public void A_block_of_this_batch_goes_at_once()
    {
        using var memory = new IndexMemory(retiredMax: 1, poison: false);
        var pins = new PinTable();
        _ = pins.Take(3);

        memory.Retire((void*)memory.NewSeparator("key"u8, batch: 3), batch: 3);

        Assert.Equal((0, 0L), (memory.RetiredCount, memory.BytesAllocated));
    }

    [Fact]
    public void Poisoned_memory_is_no_node()
    {
        using var memory = new IndexMemory(retiredMax: 1, poison: true);
        var node = memory.NewNode(BlockKind.Leaf, batch: 1);

        memory.Free((nint)node);

        Assert.Throws<StoreInvariantException>(() => KeyIndex.IsLeaf(node));
    }

    [Fact]
    public void A_slot_is_used_again_and_pins_are_told_in_order()
    {
        var pins = new PinTable();
        var slots = new[] { pins.Take(9), pins.Take(4), pins.Take(6) };
        slots[0].Move(5);
        slots[1].Release();
        var collected = new List<long>();

        pins.Collect(collected);

        Assert.Equal([5, 6], collected);
    }
}
