#:project Quorate.Eng/Quorate.Eng.csproj
#:property PublishAot=false
// kill -9 of the leader under load, again and again: how long until writes go on?
//
//   dotnet run eng/kill-leader.cs -- [--times 20] [--connections 8] [--port-base 24890] [--in-order]
//
// --in-order stops it by SIGTERM instead: it hands leadership over first, and no gap may be longer than 200 ms.
//
// The gap is the longest time without any acknowledged write from the kill on, seen by clients of all three nodes. The
// killed node is started again and must catch up, and hashes must agree at an equal index. Default settings are used.
// Exit code: 0 the median is at most 2 s, the longest at most 4 s and no hash differs; 1 otherwise; 2 wrong options.

using System.Diagnostics;
using Quorate.Eng;

int times, connections, portBase;
bool inOrder;
try
{
    var arguments = new Arguments(args);
    times = arguments.Number("--times", 20);
    connections = arguments.Number("--connections", 8);
    portBase = arguments.Number("--port-base", 24_890);
    inOrder = arguments.Switch("--in-order");
    arguments.RefuseOthers();
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"kill-leader: {e.Message}");
    return 2;
}

var medianMax = inOrder ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(2);
var longestMax = inOrder ? medianMax : TimeSpan.FromSeconds(4);
var folder = Checkout.NewFolder("kill-leader");
await Checkout.RunAsync("./quorate", "--version");
await using var cluster = new Cluster(folder, portBase);
await cluster.StartAllAsync();
using var writers = new Writers(cluster, connections, "write");
writers.Start();

var gaps = new List<TimeSpan>();
var differed = false;
Console.WriteLine("| kill | leader | then | gap, ms | caught up after, s | hashes |");
Console.WriteLine("|---|---|---|---|---|---|");
for (var kill = 1; kill <= times; kill++)
{
    await UnderLoadAsync(writes: 500);
    var leader = await cluster.WaitForLeaderAsync(TimeSpan.FromSeconds(30));
    var moment = Stopwatch.GetTimestamp();
    await (inOrder ? leader.StopAsync() : KillAsync(leader));

    await UnderLoadAsync(writes: 500);
    var gap = writers.LongestGapSince(moment);
    gaps.Add(gap);
    var next = await cluster.WaitForLeaderAsync(TimeSpan.FromSeconds(30));

    var clock = Stopwatch.StartNew();
    cluster.Start(leader);
    await CaughtUpAsync(leader, next);
    var caughtUpAfter = clock.Elapsed;

    writers.Pause();
    var agree = await cluster.HashesAgreeAsync(TimeSpan.FromMinutes(1));
    differed |= !agree;
    writers.ForgetTimes();
    writers.Resume();
    Console.WriteLine(
        $"| {kill} | {leader.Name} | {next.Name} | {gap.TotalMilliseconds:F0} | {caughtUpAfter.TotalSeconds:F1} "
        + $"| {(agree ? "equal" : "DIFFERENT")} |");
}

await writers.StopAsync();
var lost = await Checker.FindLostAsync(cluster, writers.List);
gaps.Sort();
var median = gaps[gaps.Count / 2];
Console.WriteLine();
Console.WriteLine($"{writers.Counts}; {lost.Count:N0} lost");
Console.WriteLine($"gap: median {median.TotalMilliseconds:F0} ms, longest {gaps[^1].TotalMilliseconds:F0} ms");
var good = !differed && lost.Count == 0 && median <= medianMax && gaps[^1] <= longestMax;
if (good)
{
    await cluster.DisposeAsync();
    Directory.Delete(folder, recursive: true);
}

return good ? 0 : 1;

static Task KillAsync(ClusterNode leader)
{
    leader.Kill();
    return leader.WaitForEndAsync();
}

async Task UnderLoadAsync(int writes)
{
    var wanted = writers.Acknowledged + writes;
    await Cluster.WaitAsync(
        "progress of writes", TimeSpan.FromSeconds(60), () => Task.FromResult(writers.Acknowledged >= wanted));
}

// Caught up: it has applied what the leader had committed when it was asked.
async Task CaughtUpAsync(ClusterNode node, ClusterNode leader)
{
    await Cluster.WaitAsync("caught-up node", TimeSpan.FromMinutes(1), async () =>
    {
        var ahead = await cluster.Client.StatusAsync(leader.Url);
        var behind = await cluster.Client.StatusAsync(node.Url);
        return ahead is not null && behind is not null && behind.Applied + 100 >= ahead.Commit;
    });
}
