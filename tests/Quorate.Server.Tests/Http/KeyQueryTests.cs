using Quorate.Server.Http;

namespace Quorate.Server.Tests.Http;

public sealed class KeyQueryTests
{
    private static readonly TimeSpan Max = TimeSpan.FromMinutes(10);

    [Fact]
    public void Nothing_said_means_the_defaults()
    {
        Assert.Null(KeyQuery.Parse("", Max, out var query));

        Assert.Equal(ReadLevel.Default, query.Level);
        Assert.False(query.Base64 || query.Verbose || query.Redirect);
        Assert.Equal(TimeSpan.Zero, query.Wait);
        Assert.Null(query.Timeout);
        Assert.Null(query.Key);
    }

    [Theory]
    [InlineData("level=stale", "Stale")]
    [InlineData("level=STALE", "Stale")]
    [InlineData("level=%20Consistent%20", "Consistent")]
    [InlineData("level=default", "Default")]
    [InlineData("&&level=stale&", "Stale")]
    public void Level_is_trimmed_and_case_does_not_matter(string text, string level)
    {
        Assert.Null(KeyQuery.Parse(text, Max, out var query));
        Assert.Equal(level, query.Level.ToString());
    }

    [Fact]
    public void All_parameters_go_together()
    {
        const string Text = "encoding=base64&verbose&redirect=true&wait=5s&timeout=500ms&key=AP8_-w";

        Assert.Null(KeyQuery.Parse(Text, Max, out var query));

        Assert.True(query is { Base64: true, Verbose: true, Redirect: true });
        Assert.Equal(TimeSpan.FromSeconds(5), query.Wait);
        Assert.Equal(TimeSpan.FromMilliseconds(500), query.Timeout);
        Assert.Equal([0, 255, 63, 251], query.Key!);
    }

    [Theory]
    [InlineData("level=stael", "level must be stale, default or consistent, not 'stael'")]
    [InlineData("level=", "level must be stale, default or consistent, not ''")]
    [InlineData("level", "level must be stale, default or consistent, not ''")]
    [InlineData("levl=stale", "unknown query parameter 'levl'")]
    [InlineData("Level=stale", "unknown query parameter 'Level'")]
    [InlineData("=1", "unknown query parameter ''")]
    [InlineData("verbose&verbose", "'verbose' is given twice")]
    [InlineData("verbose=yes", "verbose must be true or false, not 'yes'")]
    [InlineData("redirect=1", "redirect must be true or false, not '1'")]
    [InlineData("encoding=hex", "encoding must be base64, not 'hex'")]
    [InlineData("wait=5", "wait must be a duration such as 500ms, 5s or 1m, not '5'")]
    [InlineData("timeout=0s", "timeout must be more than zero")]
    [InlineData("timeout=11m", "timeout must be at most 600s")]
    [InlineData("key=a/b", "key must be base64url (letters, digits, '-' and '_')")]
    [InlineData("key=a", "key must be base64url (letters, digits, '-' and '_')")]
    [InlineData("level=%zz", "the query parameter 'level' is not percent-encoded ASCII")]
    public void Faults_are_named(string text, string fault) => Assert.Equal(fault, KeyQuery.Parse(text, Max, out _));
}
