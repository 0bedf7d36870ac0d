#:project Quorate.Eng/Quorate.Eng.csproj
#:property PublishAot=false
// From one node to five and back to one, under load: is anything lost, is any read stale, how long do writes stand?
//
//   dotnet run eng/grow-and-shrink.cs -- [--connections 8] [--clients 4] [--port-base 24990]
//
// Nodes are added, two of five are replaced (the leader among them), and then removed one by one, the leader first.
// Writers keep a list of what was acknowledged; other clients write and read the same keys, and their history must
// have an order that explains it. Exit code: 0 nothing is lost, the history is linearizable, and no gap in writes is
// longer than 2 s; 1 otherwise; 2 wrong options.

using System.Diagnostics;
using Quorate.Eng;

var longestMax = TimeSpan.FromSeconds(2);
const int Largest = 5;
int connections, clients, portBase;
try
{
    var arguments = new Arguments(args);
    connections = arguments.Number("--connections", 8);
    clients = arguments.Number("--clients", 4);
    portBase = arguments.Number("--port-base", 24_990);
    arguments.RefuseOthers();
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"grow-and-shrink: {e.Message}");
    return 2;
}

var folder = Checkout.NewFolder("grow-and-shrink");
await Checkout.RunAsync("./quorate", "--version");
await using var cluster = new Cluster(folder, portBase, nodes: 1);
await cluster.StartAllAsync();
using var membership = new Membership(cluster);
using var writers = new Writers(cluster, connections, "write");
using var registers = new Registers(cluster, clients);
writers.Start();
registers.Start();

Console.WriteLine("| step | members | took, s | longest gap, ms |");
Console.WriteLine("|---|---|---|---|");
var longest = TimeSpan.Zero;
while (cluster.Nodes.Count < Largest)
{
    var spare = await cluster.StartSpareAsync();
    await StepAsync($"add {spare.Name}", () => membership.AddAsync(spare));
}

foreach (var isLeader in new[] { false, true })
{
    var leader = await cluster.WaitForLeaderAsync(TimeSpan.FromSeconds(30));
    var old = isLeader ? leader : cluster.Nodes.First(node => node != leader);
    var spare = await cluster.StartSpareAsync();
    await StepAsync(
        $"replace {old.Name}{(isLeader ? " (leader)" : "")} by {spare.Name}",
        () => membership.ReplaceAsync(old, spare));
    await old.StopAsync();
}

while (cluster.Nodes.Count > 1)
{
    var leader = await cluster.WaitForLeaderAsync(TimeSpan.FromSeconds(30));
    await StepAsync($"remove {leader.Name} (leader)", () => membership.RemoveAsync(leader));
    await leader.StopAsync();
}

await UnderLoadAsync(writes: 500);
await Task.WhenAll(writers.StopAsync(), registers.StopAsync());
var lost = await Checker.FindLostAsync(cluster, writers.List);
var wrong = registers.FindWrong();
Console.WriteLine();
Console.WriteLine($"{writers.Counts}; {lost.Count:N0} lost");
Console.WriteLine(
    $"{registers.Operations:N0} operations on shared keys; "
    + (wrong.Count == 0 ? "linearizable" : $"NOT LINEARIZABLE: {string.Join(", ", wrong)}"));
var refusals = membership.Refusals.Select(pair => $"{pair.Key} {pair.Value}");
Console.WriteLine($"changes refused for a while: {string.Join(", ", refusals)}");
Console.WriteLine($"longest gap in writes {longest.TotalMilliseconds:F0} ms");
var good = lost.Count == 0 && wrong.Count == 0 && longest <= longestMax;
if (good)
{
    await cluster.DisposeAsync();
    Directory.Delete(folder, recursive: true);
}

return good ? 0 : 1;

async Task StepAsync(string what, Func<Task> change)
{
    await UnderLoadAsync(writes: 500);
    writers.ForgetTimes();
    var moment = Stopwatch.GetTimestamp();
    await change();
    var took = Stopwatch.GetElapsedTime(moment);
    await UnderLoadAsync(writes: 500);
    var gap = writers.LongestGapSince(moment);
    longest = gap > longest ? gap : longest;
    Console.WriteLine(
        $"| {what} | {cluster.Nodes.Count} | {took.TotalSeconds:F1} | {gap.TotalMilliseconds:F0} |");
}

async Task UnderLoadAsync(int writes)
{
    var wanted = writers.Acknowledged + writes;
    await Cluster.WaitAsync(
        "progress of writes", TimeSpan.FromSeconds(60), () => Task.FromResult(writers.Acknowledged >= wanted));
}
