using Xunit;

namespace Quorate.Raft.Tests;

public sealed class NodeIdTests
{
    [Theory]
    [InlineData("n1f", 0x1f)]
    [InlineData("1f", 0x1f)]
    [InlineData("000000000000001F", 0x1f)]
    [InlineData("nffffffffffffffff", ulong.MaxValue)]
    public void An_id_is_read_as_people_write_it(string text, ulong value)
    {
        Assert.True(NodeId.TryParse(text, out var id));
        Assert.Equal(new NodeId(value), id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n")]
    [InlineData("-")]
    [InlineData("0")]
    [InlineData("nn1")]
    [InlineData("0x1f")]
    [InlineData("n1g")]
    [InlineData(" 1f")]
    [InlineData("10000000000000000")]
    public void What_is_no_id_is_refused(string text)
    {
        Assert.False(NodeId.TryParse(text, out _));
    }
}
