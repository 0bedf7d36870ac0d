#:property PublishAot=false
// The gate of every change: `dotnet run eng/verify.cs`, or `make verify`. It never writes a source file.
// Format, build, tests (the links of the documents among them), 200 seeds. It goes on after a failure, so that one
// run tells everything, and ends with 1 if anything failed.

using System.Diagnostics;

(string Name, string Arguments)[] steps =
[
    ("restore, locked", "restore --locked-mode -v quiet"),
    ("format", "format whitespace Quorate.slnx --verify-no-changes --no-restore"),
    ("build", "build --no-restore --nologo -v quiet"),
    ("tests, document links", "test --no-build --nologo"),
    ("200 seeds", "run --project tests/Quorate.Simulator -c Release -- --from 1 --seeds 200"),
];

var results = steps.Select(step => (step.Name, Result: Run(step.Name, step.Arguments))).ToList();

Console.WriteLine();
foreach (var (name, (passed, elapsed)) in results)
{
    Console.WriteLine($"{(passed ? "ok    " : "FAILED")} {elapsed.TotalSeconds,6:F1} s  {name}");
}

return results.All(result => result.Result.Passed) ? 0 : 1;

static (bool Passed, TimeSpan Elapsed) Run(string name, string arguments)
{
    Console.WriteLine($"\n== {name}: dotnet {arguments}");
    var clock = Stopwatch.StartNew();
    using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Root() })
        ?? throw new InvalidOperationException("dotnet cannot be started.");
    process.WaitForExit();
    return (process.ExitCode == 0, clock.Elapsed);
}

// The folder above that holds the solution, whatever the current one is.
static string Root()
{
    var at = new DirectoryInfo(Environment.CurrentDirectory);
    while (at is not null && !File.Exists(Path.Combine(at.FullName, "Quorate.slnx")))
    {
        at = at.Parent;
    }

    return at?.FullName ?? throw new InvalidOperationException("Run it inside the repository.");
}
