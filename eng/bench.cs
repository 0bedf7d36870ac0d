#:project Quorate.Eng/Quorate.Eng.csproj
#:property PublishAot=false
// Measures three real nodes on this machine with bench/Quorate.Load.
//
//   dotnet run eng/bench.cs -- [table] [--seconds 10] [--keep]
//   dotnet run eng/bench.cs -- million [--puts 1000000] [--keep]
//   dotnet run eng/bench.cs -- snapshot [--keys 1000000] [--seconds 20] [--keep]
//
// --keep writes the page to bench/results. Exit code: 0 measured (and within the bounds that the mode states),
// 1 a bound was exceeded, 2 wrong options.

using System.Globalization;
using System.Runtime.InteropServices;
using Quorate.Eng;

const long ResidentMax = 1L << 30;
const long LogMax = 256L << 20;

string mode;
int seconds, puts, keys, portBase;
bool keep;
try
{
    mode = args.Length > 0 && !args[0].StartsWith('-') ? args[0] : "table";
    var arguments = new Arguments(args.Skip(args.Length > 0 && args[0] == mode ? 1 : 0));
    seconds = arguments.Number("--seconds", mode == "snapshot" ? 20 : 10);
    puts = arguments.Number("--puts", 1_000_000);
    keys = arguments.Number("--keys", mode == "snapshot" ? 1_000_000 : 100_000);
    portBase = arguments.Number("--port-base", 24_990);
    keep = arguments.Switch("--keep");
    arguments.RefuseOthers();
    if (mode is not ("table" or "million" or "snapshot"))
    {
        throw new ArgumentException($"'{mode}' is not table, million or snapshot.");
    }
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"bench: {e.Message}");
    return 2;
}

var folder = Checkout.NewFolder("bench");
await Checkout.RunAsync("./quorate", "--version");
await using var cluster = new Cluster(folder, portBase);
var load = await LoadTool.BuildAsync(cluster);
var report = new Report(mode, keep);

var good = mode switch
{
    "million" => await MillionAsync(),
    "snapshot" => await SnapshotAsync(),
    _ => await TableAsync(),
};
report.End();
await cluster.DisposeAsync();
Directory.Delete(folder, recursive: true);
return good ? 0 : 1;

void Head(string title)
{
    report.Line($"# {title}");
    report.Line();
    report.Line($"Three nodes and the load on one machine: {RuntimeInformation.OSDescription}, "
        + $"{Environment.ProcessorCount} processors, .NET {Environment.Version}; values of 256 bytes.");
    report.Line();
}

string[] Load(int outstanding, string mix, params string[] more) =>
    ["--outstanding", Text(outstanding), "--mix", mix, "--keys", Text(keys), "--value-bytes", "256", .. more];

async Task<bool> TableAsync()
{
    Head("Throughput and latency");
    await cluster.StartAllAsync();
    await load.RunAsync(Load(64, "put=100", "--prefill", "--seconds", "5"));
    foreach (var mix in (string[])["put=100", "get=100", "put=50,get=50"])
    {
        report.Line($"## {mix}");
        report.Line();
        report.Line("| outstanding | op/s | p50 ms | p99 ms | p99.9 ms | syncs/s at the leader | puts per sync "
            + "| nodes' CPU per op, µs | processors busy | errors | limited by |");
        report.Line("|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var outstanding in (int[])[1, 16, 64, 256])
        {
            await RowAsync(mix, outstanding);
        }

        report.Line();
    }

    report.Line("The times are those of the puts where there are puts. \"Limited by the processor\": nodes and load "
        + "together keep more than 85 % of the processors busy; otherwise requests wait for syncs and hand-overs.");
    return true;
}

async Task RowAsync(string mix, int outstanding)
{
    var leader = await cluster.WaitForLeaderAsync(TimeSpan.FromSeconds(30));
    var before = await SyncsAsync(leader);
    var run = await load.RunAsync(Load(outstanding, mix, "--seconds", Text(seconds)));
    var syncs = await SyncsAsync(leader) - before;
    var written = mix switch
    {
        "put=100" => run.Operations,
        "get=100" => 0,
        _ => run.Operations / 2,
    };
    var busy = run.ProcessorsBusy / Environment.ProcessorCount;
    report.Line($"| {outstanding} | {run.PerSecond:N0} | {run.P50Ms:F2} | {run.P99Ms:F2} | {run.P999Ms:F2} "
        + $"| {syncs / run.Seconds:N0} | {(syncs == 0 ? 0 : written / syncs):F1} | {run.NodesMicrosecondsEach:F0} "
        + $"| {run.ProcessorsBusy:F2} | {run.Errors} | {(busy > 0.85 ? "the processor" : "waiting")} |");
}

async Task<long> SyncsAsync(ClusterNode node) => (await cluster.Client.StatusAsync(node.Url))?.Syncs ?? 0;

async Task<bool> MillionAsync()
{
    const int step = 100_000;
    Head($"{puts:N0} puts over {keys:N0} keys, compacted every {step:N0}");
    await cluster.StartAllAsync();
    report.Line("| puts | op/s | p99 ms | resident now, MiB | log now, MiB | most resident, MiB | most log, MiB |");
    report.Line("|---|---|---|---|---|---|---|");
    await using var sampler = new Sampler(cluster);
    for (var done = 0; done < puts; done += step)
    {
        var run = await load.RunAsync(
            Load(64, "put=100", "--count", Text(Math.Min(step, puts - done)), "--seed", Text(done + 1)));
        var leader = await cluster.WaitForLeaderAsync(TimeSpan.FromSeconds(30));
        await cluster.Client.CompactAsync(leader.Url);
        report.Line($"| {done + step:N0} | {run.PerSecond:N0} | {run.P99Ms:F2} "
            + $"| {Each(node => node.ResidentBytes)} | {Each(node => node.LogBytes)} "
            + $"| {Mebibytes(sampler.LargestResidentBytes)} | {Mebibytes(sampler.LargestLogBytes)} |");
    }

    report.Line();
    var within = sampler.LargestResidentBytes.Max() < ResidentMax && sampler.LargestLogBytes.Max() < LogMax;
    report.Line($"Bounds: 1,024 MiB resident and 256 MiB of log for each node: {(within ? "kept" : "EXCEEDED")}.");
    return within;
}

async Task<bool> SnapshotAsync()
{
    Head($"Puts while snapshots of {keys:N0} keys are written");
    cluster.Flags = ["--snapshot-count", "100000000"];
    await cluster.StartAllAsync();
    await load.RunAsync(Load(64, "put=100", "--prefill", "--seconds", "1"));

    report.Line("| snapshots | op/s | p50 ms | p99 ms | p99.9 ms | snapshots written | share of the time |");
    report.Line("|---|---|---|---|---|---|---|");
    var without = await SnapshotRowAsync("none", "100000000");
    var with = await SnapshotRowAsync("one after the other", "20000");
    report.Line();
    report.Line($"The p99 with snapshots is {with.P99Ms / without.P99Ms:F2} times that without (bound: 2).");
    return with.P99Ms <= 2 * without.P99Ms;
}

async Task<LoadReport> SnapshotRowAsync(string name, string snapshotCount)
{
    await cluster.StopAllAsync();
    cluster.Flags = ["--snapshot-count", snapshotCount];
    await cluster.StartAllAsync();
    await load.RunAsync(Load(16, "put=100", "--seconds", "5"));
    await using var sampler = new Sampler(cluster);
    var run = await load.RunAsync(Load(16, "put=100", "--seconds", Text(seconds)));
    report.Line($"| {name} | {run.PerSecond:N0} | {run.P50Ms:F2} | {run.P99Ms:F2} | {run.P999Ms:F2} "
        + $"| {sampler.SnapshotsSeen} | {sampler.ShareWithSnapshot:P0} |");
    return run;
}

string Each(Func<ClusterNode, long> bytes) => Mebibytes([.. cluster.Nodes.Select(bytes)]);

static string Mebibytes(IReadOnlyList<long> bytes) => string.Join(", ", bytes.Select(each => Text((int)(each >> 20))));

static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
