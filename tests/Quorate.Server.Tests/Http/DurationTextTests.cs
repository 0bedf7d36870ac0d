using Quorate.Server.Http;

namespace Quorate.Server.Tests.Http;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("5s", 5_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("1m", 60_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("0s", 0)]
    [InlineData("250us", 0.25)]
    [InlineData("24h", 86_400_000)]
    public void Durations_have_numbers_and_units(string text, double milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds, precision: 3);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("5S")]
    [InlineData("5days")]
    [InlineData("1.2.3s")]
    [InlineData(".s")]
    [InlineData("1e9s")]
    [InlineData("5s5")]
    [InlineData("25h")]
    [InlineData("24h1s")]
    [InlineData("99999999999999999999999999999999999999999999h")]
    [InlineData("infinitys")]
    [InlineData("nans")]
    public void Anything_else_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));
}
