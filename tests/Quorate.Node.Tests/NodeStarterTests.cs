using Microsoft.Extensions.Logging;
using Quorate.Node.Tests.Peer;
using Quorate.Raft;
using Quorate.Storage;

namespace Quorate.Node.Tests;

/// <summary>A start line and the directory that it meets.</summary>
public sealed class NodeStarterTests
{
    private const string Path = "/data";
    private readonly MemoryFileSystem _files = new();
    private readonly LineLogger _lines = new();
    private readonly TestRandom _random = new(1);

    [Fact]
    public void New_directory_belongs_to_the_cluster_of_the_list_or_to_one_of_its_own_or_to_none()
    {
        var listed = Open(new Start());
        var lone = Open(new Start { List = ["n1"], At = "/lone" });
        var none = Open(new Start { List = [], StartsUnconfigured = true, At = "/none" });

        Assert.Equal(MemberList.FromStartList("token", ListOf("n1", "n2")).ClusterId, listed.Cluster);
        Assert.Equal(("token", ""), (listed.Token, lone.Token));
        Assert.False(lone.IsUnconfigured);
        Assert.True(none.IsUnconfigured);
        Assert.Equal(3, new[] { listed, lone, none }.Select(identity => identity.Directory).Distinct().Count());
    }

    [Fact]
    public void Restart_resumes_what_the_directory_says_whatever_the_line_says()
    {
        var first = Open(new Start { List = [], StartsUnconfigured = true });

        Assert.Equal(first, Open(new Start()));
        Assert.Empty(_lines.Warnings);
    }

    [Fact]
    public void List_that_differs_is_told_and_not_followed()
    {
        var first = Open(new Start());

        Assert.Equal(first, Open(new Start { List = ["n1", "n2", "n3"] }));

        Assert.Equal(
            ["The initial cluster is not the list that /data was made with: the members are those of its log."],
            _lines.All.Where(line => line.Contains("initial cluster", StringComparison.Ordinal)));
    }

    [Fact]
    public void Name_and_token_that_differ_are_refused_with_the_ones_to_give()
    {
        Open(new Start());

        Assert.Equal(
            "/data is the data directory of member \"n1\", not of \"n2\": start it under its own name, or with "
            + "another data directory",
            Refused(new Start { Name = "n2" }));
        Assert.Equal(
            "/data belongs to a cluster that was started with the token \"token\", not \"other\": start with "
            + "--initial-cluster-token token, or name another --data-dir",
            Refused(new Start { Token = "other" }));
        Open(new Start());
    }

    [Fact]
    public void Name_that_a_cluster_gave_and_the_one_before_are_both_its_own()
    {
        Open(new Start { List = [], StartsUnconfigured = true });
        using (var directory = DataDirectory.Open(_files, Path))
        {
            directory.TakeOver(7, new NodeId(8), "given", new WalOptions());
        }

        Assert.Equal("given", Open(new Start()).Name);
        Assert.Equal("given", Open(new Start { Name = "given", List = [] }).Name);
        var told = Refused(new Start { Name = "n2" });
        Assert.Contains("of member \"given\", not of \"n2\"", told, StringComparison.Ordinal);
    }

    [Fact]
    public void List_for_a_directory_that_no_list_made_is_told_and_not_followed_and_its_token_not_looked_at()
    {
        var first = Open(new Start { List = ["n1"] });
        Open(new Start { List = ["n1"], Token = "other" });
        Open(new Start { StartsUnconfigured = true });
        Assert.Empty(_lines.Warnings);

        Assert.Equal(first, Open(new Start { List = ["n1", "n2"], Token = "other" }));

        Assert.StartsWith(
            "/data was not made from the initial cluster: the members are those of its log.",
            Assert.Single(_lines.Warnings));
    }

    [Fact]
    public void A_name_that_nobody_has_said_gives_way_to_the_one_of_the_directory()
    {
        Open(new Start());

        Assert.Equal("n1", Open(new Start { Name = "n2", NameIsAssumed = true, List = [] }).Name);
    }

    private static StartMember[] ListOf(params string[] names) =>
        [.. names.Select(name => new StartMember(name, [$"http://{name}:2380"]))];

    private string Refused(Start start) => Assert.Throws<MemberStartException>(() => Open(start)).Message;

    private DirectoryIdentity Open(Start start)
    {
        var options = new MemberOptions
        {
            Name = start.Name,
            NameIsAssumed = start.NameIsAssumed,
            DataDirectory = start.At,
            InitialCluster = ListOf(start.List),
            InitialClusterToken = start.Token,
            StartsUnconfigured = start.StartsUnconfigured,
        };
        var recovered = NodeStarter.Open(options, new MemberSeams
        {
            Files = _files,
            LogDisk = _ => throw new InvalidOperationException("nothing is written"),
            Transport = new MemoryNetwork().TransportOf("http://n1:2380"),
            Random = _random,
            Loggers = _lines,
        });
        recovered.Machine.Dispose();
        recovered.Wal.Dispose();
        recovered.Directory.Dispose();
        return recovered.Directory.Identity;
    }

    private sealed record Start
    {
        public string Name { get; init; } = "n1";

        public bool NameIsAssumed { get; init; }

        public string At { get; init; } = Path;

        public string[] List { get; init; } = ["n1", "n2"];

        public string Token { get; init; } = "token";

        public bool StartsUnconfigured { get; init; }
    }

    private sealed class LineLogger : ILoggerFactory, ILogger
    {
        public List<string> All { get; } = [];

        public List<string> Warnings { get; } = [];

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            All.Add(formatter(state, exception));
            if (logLevel >= LogLevel.Warning)
            {
                Warnings.Add(All[^1]);
            }
        }

        public void Dispose()
        {
        }
    }
}
