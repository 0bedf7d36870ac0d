namespace Quorate.Load.Tests;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("put=50,get=50", 50)]
    [InlineData("put=100", 100)]
    [InlineData("get=100, put=0", 0)]
    public void Shares_that_make_a_hundred_are_taken(string text, int puts)
    {
        Assert.True(Mix.TryParse(text, out var mix));

        Assert.Equal(puts, mix.PutPercent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("put=50")]
    [InlineData("put=60,get=60")]
    [InlineData("put=-1,get=101")]
    [InlineData("scan=100")]
    [InlineData("put=fifty,get=50")]
    public void Other_shares_are_not(string text)
    {
        Assert.False(Mix.TryParse(text, out _));
    }

    [Theory]
    [InlineData("127.0.0.1:2379", "127.0.0.1", 2379)]
    [InlineData("http://127.0.0.1:2379/", "127.0.0.1", 2379)]
    [InlineData("[::1]:80", "::1", 80)]
    [InlineData("localhost:1", "localhost", 1)]
    public void Endpoints_are_host_and_port(string text, string wantedHost, int wantedPort)
    {
        Assert.True(Endpoint.TryParse(text, out var host, out var port));

        Assert.Equal((wantedHost, wantedPort), (host, port));
    }

    [Fact]
    public void All_faults_are_named_at_once()
    {
        var options = new LoadOptions
        {
            Endpoints = ["nowhere"], Outstanding = 0, Keys = 0, Seconds = 0, Level = "mid",
        };

        Assert.Equal(5, options.Validate().Count());
    }
}
