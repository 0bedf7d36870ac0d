#:project Quorate.Eng/Quorate.Eng.csproj
#:property PublishAot=false
// kill -9 of all three nodes at once, under load, and then: is every acknowledged write still there?
//
//   dotnet run eng/kill-all.cs -- [--rounds 3] [--writes 20000] [--connections 32] [--port-base 24790]
//   dotnet run eng/kill-all.cs -- --rollback
//
// The list of acknowledged writes is kept here, outside the nodes. --rollback shows that the script can fail: two of
// the three directories are put back to older copies before the last start, so a majority has forgotten what it
// acknowledged, and the script must say so. Exit code: 0 nothing lost, 1 something lost, 2 wrong options.

using System.Collections.Concurrent;
using System.Diagnostics;
using Quorate.Eng;

int rounds, writes, connections, portBase;
bool rollback;
try
{
    var arguments = new Arguments(args);
    rounds = arguments.Number("--rounds", 3);
    writes = arguments.Number("--writes", 20_000);
    connections = arguments.Number("--connections", 32);
    portBase = arguments.Number("--port-base", 24_790);
    rollback = arguments.Switch("--rollback");
    arguments.RefuseOthers();
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"kill-all: {e.Message}");
    return 2;
}

var folder = Checkout.NewFolder("kill-all");
await Checkout.RunAsync("./quorate", "--version");
await using var cluster = new Cluster(folder, portBase);
var acknowledged = new ConcurrentDictionary<string, string>();

await StartAsync();
if (rollback)
{
    await RoundAsync(round: 1);
    CopyDirectories(from: "", to: ".older");
    await StartAsync();
    await RoundAsync(round: 2);
    CopyDirectories(from: ".older", to: "");
    Console.WriteLine("two of three directories are older copies now; these two are started, a majority");
    return await CheckAsync(cluster.Nodes.Take(2));
}

for (var round = 1; round <= rounds; round++)
{
    await RoundAsync(round);
    if (await CheckAsync(cluster.Nodes) != 0)
    {
        return 1;
    }
}

Console.WriteLine($"{rounds} rounds: all {acknowledged.Count:N0} acknowledged writes are there; hashes agree");
Directory.Delete(folder, recursive: true);
return 0;

async Task StartAsync()
{
    var clock = Stopwatch.StartNew();
    var leader = await cluster.StartAllAsync();
    Console.WriteLine($"started, {leader.Name} leads after {clock.Elapsed.TotalSeconds:F1} s");
}

// Writes until enough is acknowledged, then kills all three while writes are under way.
async Task RoundAsync(int round)
{
    using var writers = new Writers(cluster, connections, $"round{round}");
    var clock = Stopwatch.StartNew();
    writers.Start();
    await Cluster.WaitAsync(
        $"{writes} acknowledged writes",
        TimeSpan.FromMinutes(5),
        () => Task.FromResult(writers.Acknowledged >= writes));
    cluster.KillAll();
    await writers.StopAsync();
    await Task.WhenAll(cluster.Nodes.Select(node => node.WaitForEndAsync()));
    foreach (var (key, value) in writers.List)
    {
        acknowledged[key] = value;
    }

    Console.WriteLine(
        $"round {round}: {writers.Counts} in {clock.Elapsed.TotalSeconds:F1} s, then kill -9 of all three");
}

async Task<int> CheckAsync(IEnumerable<ClusterNode> nodes)
{
    var clock = Stopwatch.StartNew();
    foreach (var node in nodes)
    {
        cluster.Start(node);
    }

    var leader = await cluster.WaitForLeaderAsync(TimeSpan.FromMinutes(1));
    var startedAfter = clock.Elapsed;
    var lost = await Checker.FindLostAsync(cluster, acknowledged);
    Console.WriteLine(
        $"{leader.Name} leads {startedAfter.TotalSeconds:F1} s after the start; "
        + $"{acknowledged.Count:N0} acknowledged writes looked up, {lost.Count:N0} lost");
    if (lost.Count > 0)
    {
        Console.WriteLine($"lost: {string.Join(' ', lost.Take(10))}{(lost.Count > 10 ? " ..." : "")}");
        Console.WriteLine($"the directories and logs are in {folder}");
        return 1;
    }

    if (cluster.Nodes.All(node => node.IsRunning) && !await cluster.HashesAgreeAsync(TimeSpan.FromMinutes(1)))
    {
        Console.WriteLine($"the hashes differ at an equal index; the directories and logs are in {folder}");
        return 1;
    }

    return 0;
}

void CopyDirectories(string from, string to)
{
    foreach (var node in cluster.Nodes.Take(2))
    {
        var target = new DirectoryInfo(node.Data + to);
        if (target.Exists)
        {
            target.Delete(recursive: true);
        }

        Copy(new DirectoryInfo(node.Data + from), target.FullName);
    }
}

static void Copy(DirectoryInfo source, string target)
{
    Directory.CreateDirectory(target);
    if (!OperatingSystem.IsWindows())
    {
        File.SetUnixFileMode(target, source.UnixFileMode);
    }

    foreach (var file in source.EnumerateFiles())
    {
        file.CopyTo(Path.Combine(target, file.Name));
    }

    foreach (var below in source.EnumerateDirectories())
    {
        Copy(below, Path.Combine(target, below.Name));
    }
}
