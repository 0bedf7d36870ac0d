using Quorate.Cli.Tests.Fakes;
using Quorate.Server;

namespace Quorate.Cli.Tests.Settings;

/// <summary>balsa's environment.</summary>
public sealed class BalsaStartTests
{
    private static readonly (string, string)[] Whole =
    [
        ("HTTP_SERVER_PORT", "8000"), ("RAFT_SERVER_PORT", "9000"), ("RAFT_NODE_ID", "n1"),
        ("RAFT_VOLUME_DIR", "/tmp/node1"),
    ];

    [Theory]
    [InlineData("")]
    [InlineData("--log-level debug")]
    public void Four_variables_are_a_node_of_its_own_on_loopback(string line)
    {
        var (settings, faults) = StartLineRun.Of(line, Whole);

        Assert.Empty(faults);
        Assert.Equal(("n1", "/tmp/node1", Compat.Balsa), (settings.Name, settings.DataDirectory, settings.Compat));
        Assert.Equal(["http://127.0.0.1:8000"], settings.ListenClientUrls);
        Assert.Equal(["http://127.0.0.1:9000"], settings.AdvertisePeerUrls);
        Assert.False(settings.StartsUnconfigured);
    }

    [Theory]
    [InlineData("--name other")]
    [InlineData("-id other d")]
    [InlineData("--raft-identity other --raft-dir d")]
    public void Flags_of_another_spelling_leave_them_aside(string line)
    {
        var (settings, faults) = StartLineRun.Of(line, Whole);

        Assert.Empty(faults);
        Assert.Equal("other", settings.Name);
        Assert.NotEqual(Compat.Balsa, settings.Compat);
    }

    [Fact]
    public void So_do_variables_of_another_spelling()
    {
        var (settings, faults) = StartLineRun.Of("", [.. Whole, ("ETCD_NAME", "other")]);

        Assert.Empty(faults);
        Assert.Equal(("other", Compat.None), (settings.Name, settings.Compat));
    }

    [Fact]
    public void Some_of_them_are_not_enough()
    {
        Assert.Equal(
            "HTTP_SERVER_PORT is set, and RAFT_NODE_ID, RAFT_VOLUME_DIR are not: the four go together",
            StartLineRun.Of("", Whole[..2]).Fault);
        Assert.Equal(
            "RAFT_SERVER_PORT is set, and HTTP_SERVER_PORT is not: the four go together",
            StartLineRun.Of("", Whole[1..]).Fault);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("0")]
    [InlineData("65536")]
    public void A_port_must_be_one(string port) =>
        Assert.Equal(
            $"HTTP_SERVER_PORT '{port}' is not a port from 1 to 65535",
            StartLineRun.Of("", [("HTTP_SERVER_PORT", port), .. Whole[1..]]).Fault);
}
