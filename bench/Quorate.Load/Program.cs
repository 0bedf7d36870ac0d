using System.CommandLine;
using Quorate.Load;

var endpoints = new Option<string>("--endpoints")
{
    Description = "host:port of each node, separated by commas; connections are spread over them",
    DefaultValueFactory = _ => "127.0.0.1:2379,127.0.0.1:22379,127.0.0.1:32379",
};
var connections = Number("--connections", 0, "connections; 0: as many as requests outstanding");
var outstanding = Number("--outstanding", 64, "requests waiting for an answer at any time");
var keys = Number("--keys", 100_000, "different keys, all equally likely");
var valueBytes = Number("--value-bytes", 256, "size of a value");
var mix = new Option<string>("--mix")
{
    Description = "shares of a hundred: put=50,get=50",
    DefaultValueFactory = _ => "put=50,get=50",
};
var seconds = Number("--seconds", 10, "how long");
var count = new Option<long>("--count") { Description = "stop after so many operations instead (0: by time)" };
var prefill = new Option<bool>("--prefill") { Description = "put every key once first" };
var level = new Option<string>("--level")
{
    Description = "of the gets: default, consistent or stale",
    DefaultValueFactory = _ => "default",
};
var seed = new Option<ulong>("--seed") { Description = "of the keys' choice", DefaultValueFactory = _ => 1 };
var json = new Option<bool>("--json") { Description = "print the result as JSON" };

var command = new RootCommand("Puts load on a cluster over HTTP and says how it went. Progress goes to stderr.")
{
    endpoints, connections, outstanding, keys, valueBytes, mix, seconds, count, prefill, level, seed, json,
};
command.SetAction((parsed, cancellationToken) =>
{
    if (!Mix.TryParse(parsed.GetValue(mix)!, out var shares))
    {
        return Usage(["--mix takes shares that make a hundred, such as put=50,get=50."]);
    }

    var options = new LoadOptions
    {
        Endpoints = parsed.GetValue(endpoints)!.Split(',', StringSplitOptions.RemoveEmptyEntries),
        Connections = parsed.GetValue(connections),
        Outstanding = parsed.GetValue(outstanding),
        Keys = parsed.GetValue(keys),
        ValueBytes = parsed.GetValue(valueBytes),
        Mix = shares,
        Seconds = parsed.GetValue(seconds),
        Count = parsed.GetValue(count),
        Prefill = parsed.GetValue(prefill),
        Level = parsed.GetValue(level)!,
        Seed = parsed.GetValue(seed),
    };
    var faults = options.Validate().ToList();
    return faults.Count > 0 ? Usage(faults) : RunAsync(options, parsed.GetValue(json), cancellationToken);
});
var parsing = command.Parse(args);
return parsing.Errors.Count > 0
    ? await Usage(parsing.Errors.Select(error => error.Message))
    : await parsing.InvokeAsync();

static Option<int> Number(string name, int otherwise, string description) =>
    new(name) { Description = description, DefaultValueFactory = _ => otherwise };

static Task<int> Usage(IEnumerable<string> faults)
{
    Console.Error.WriteLine("load: " + string.Join(' ', faults));
    return Task.FromResult(2);
}

static async Task<int> RunAsync(LoadOptions options, bool asJson, CancellationToken cancellationToken)
{
    var run = new LoadRun(options, Console.Error);
    if (options.Prefill)
    {
        var filled = await run.PrefillAsync(cancellationToken);
        if (!filled.IsClean)
        {
            Console.Error.Write(filled.ToText());
        }
    }

    var result = await run.MeasureAsync(cancellationToken);
    Console.Out.Write(asJson ? result.ToJson() + "\n" : result.ToText());
    return 0;
}
