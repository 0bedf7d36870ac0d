using System.Text;

namespace Quorate.Mvcc.Tests;

public sealed class KeyRangeTests
{
    [Theory]
    [InlineData("", "\0")]
    [InlineData("a", "b")]
    [InlineData("a\u00ff", "b")]
    [InlineData("\u00ff\u00ff", "\0")]
    public void The_end_of_a_prefix_carries(string prefix, string expected) =>
        Assert.Equal(expected, Encoding.Latin1.GetString(KeyRange.PrefixEnd(Encoding.Latin1.GetBytes(prefix))));

    [Theory]
    [InlineData("b", "", "b", true)]
    [InlineData("b", "", "ba", false)]
    [InlineData("b", "\0", "z", true)]
    [InlineData("b", "\0", "a", false)]
    [InlineData("b", "d", "c", true)]
    [InlineData("b", "d", "d", false)]
    [InlineData("d", "b", "c", false)]
    public void A_range_holds_what_it_says(string key, string rangeEnd, string candidate, bool expected) =>
        Assert.Equal(expected, KeyRange.Contains(
            Encoding.Latin1.GetBytes(key), Encoding.Latin1.GetBytes(rangeEnd), Encoding.Latin1.GetBytes(candidate)));
}
