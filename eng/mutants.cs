#:project Quorate.Eng/Quorate.Eng.csproj
#:property PublishAot=false
// Does the simulator find bugs? Each mutant is a bug by one exact text replacement; a mutant that lives is a gap.
//
//   dotnet run eng/mutants.cs -- --list
//   dotnet run eng/mutants.cs -- --mutant NAME [--seeds M]
//   dotnet run eng/mutants.cs -- [--all] [--seeds M]
//
// A mutant is applied to a copy of the sources under artifacts/mutants, never to the checkout; the copy is built and
// runs seeds, of the workload that the mutant names, until a checker objects. Without --seeds the number stands in
// the mutant. Exit code: 0 caught (all of them), 1 one lived, 2 wrong options.

using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Quorate.Eng;

string name;
int seeds;
bool list;
try
{
    var arguments = new Arguments(args);
    list = arguments.Switch("--list");
    arguments.Switch("--all");
    name = arguments.Text("--mutant", "");
    seeds = arguments.Number("--seeds", 0);
    arguments.RefuseOthers();
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"mutants: {e.Message}");
    return 2;
}

var folder = Path.Combine(Checkout.Root, "tests", "Quorate.Simulator", "mutants");
var mutants = Directory.GetFiles(folder, "*.mutant").Order(StringComparer.Ordinal).Select(Mutant.Read).ToList();
if (list)
{
    mutants.ForEach(mutant => Console.WriteLine(mutant.Name));
    return 0;
}

var chosen = name.Length == 0 ? mutants : mutants.FindAll(mutant => mutant.Name == name);
if (chosen.Count == 0)
{
    Console.Error.WriteLine($"mutants: there is no mutant {name}; --list names them");
    return 2;
}

var copy = new SourceCopy();
var lived = 0;
foreach (var mutant in chosen)
{
    var clock = Stopwatch.StartNew();
    var verdict = copy.Judge(mutant, seeds > 0 ? seeds : mutant.Seeds);
    lived += verdict.IsCaught ? 0 : 1;
    Console.WriteLine($"{mutant.Name,-32} {verdict.Text} ({clock.Elapsed.TotalSeconds:F0} s)");
}

if (chosen.Count > 1)
{
    Console.WriteLine($"{chosen.Count} mutants, {chosen.Count - lived} caught, {lived} lived");
}

return lived == 0 ? 0 : 1;

/// <summary>One bug: what to replace where, and how it is looked for.</summary>
internal sealed record Mutant(string Name, string Sentence, string File, string Workload, int Seeds, string Text,
    string Replacement)
{
    public static Mutant Read(string path)
    {
        var lines = System.IO.File.ReadAllLines(path).ToList();
        var text = lines.IndexOf("--- text");
        var replacement = lines.IndexOf("--- replacement");
        var end = lines.LastIndexOf("---");
        if (text < 0 || replacement < text || end < replacement || !lines[0].StartsWith("# ", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path} is no mutant: a sentence, file, text and replacement are needed.");
        }

        return new Mutant(
            Path.GetFileNameWithoutExtension(path),
            lines[0][2..],
            Value(lines, "file"),
            Value(lines, "workload"),
            int.Parse(Value(lines, "seeds"), CultureInfo.InvariantCulture),
            string.Join('\n', lines[(text + 1)..replacement]),
            string.Join('\n', lines[(replacement + 1)..end]));
    }

    private static string Value(List<string> lines, string key)
    {
        var line = lines.Find(line => line.StartsWith($"{key}: ", StringComparison.Ordinal));
        return line?[(key.Length + 2)..] ?? "";
    }
}

/// <summary>What became of a mutant.</summary>
internal sealed record Verdict(bool IsCaught, string Text);

/// <summary>A copy of the sources, kept from one run to the next so that only what changed is built again.</summary>
internal sealed partial class SourceCopy
{
    private readonly string _root = Path.Combine(Checkout.Root, "artifacts", "mutants");

    public SourceCopy() => Refresh();

    private string Simulator => Path.Combine(_root, "tests", "Quorate.Simulator");

    /// <summary>Applies a mutant, builds, runs seeds until a checker objects, and takes the mutant back.</summary>
    public Verdict Judge(Mutant mutant, int seeds)
    {
        var file = Path.Combine(_root, mutant.File);
        var original = File.ReadAllText(file);
        var places = original.Split(mutant.Text).Length - 1;
        if (places != 1)
        {
            return new Verdict(false, $"LIVED: its text occurs {places} times in {mutant.File}");
        }

        File.WriteAllText(file, original.Replace(mutant.Text, mutant.Replacement, StringComparison.Ordinal));
        try
        {
            var (built, output) = Run(
                "build", Simulator, "-c", "Release", "--nologo", "-v", "quiet", "-p:TreatWarningsAsErrors=false",
                "-p:EnforceCodeStyleInBuild=false");
            return built == 0
                ? RunSeeds(mutant, seeds)
                : new Verdict(false, $"LIVED: it does not build: {output.Split('\n')[0]}");
        }
        finally
        {
            File.WriteAllText(file, original);
        }
    }

    private Verdict RunSeeds(Mutant mutant, int seeds)
    {
        var program = Path.Combine(Simulator, "bin", "Release", "net10.0", "Quorate.Simulator.dll");
        string[] workload = mutant.Workload.Length > 0 ? ["--workload", mutant.Workload] : [];
        var (exit, output) = Run(
            [program, "--from", "1", "--seeds", seeds.ToString(CultureInfo.InvariantCulture), .. workload]);
        var objection = Objection().Match(output);
        return (exit, objection.Success) switch
        {
            (0, _) => new Verdict(false, $"LIVED {seeds} seeds"),
            (1, true) => new Verdict(
                true, $"caught by {objection.Groups[2].Value} at seed {objection.Groups[1].Value}"),
            (1, false) => new Verdict(false, "LIVED: the run did not cover the fault model"),
            _ => new Verdict(true, $"caught by the system: the simulator ended with {exit}"),
        };
    }

    // What the simulator is built from; outputs stay where they are.
    private void Refresh()
    {
        Directory.CreateDirectory(_root);
        foreach (var file in Directory.GetFiles(Checkout.Root))
        {
            Copy(file, Path.Combine(_root, Path.GetFileName(file)));
        }

        foreach (var project in Directory.GetDirectories(Path.Combine(Checkout.Root, "src"))
            .Append(Path.Combine(Checkout.Root, "tests", "Quorate.Simulator")))
        {
            CopyTree(project, Path.Combine(_root, Path.GetRelativePath(Checkout.Root, project)));
        }
    }

    private static void CopyTree(string source, string target)
    {
        Directory.CreateDirectory(target);
        var stales = Directory.GetFiles(target)
            .Where(old => !File.Exists(Path.Combine(source, Path.GetFileName(old))));
        foreach (var stale in stales)
        {
            File.Delete(stale);
        }

        foreach (var file in Directory.GetFiles(source))
        {
            Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.GetDirectories(source))
        {
            if (Path.GetFileName(folder) is not ("bin" or "obj"))
            {
                CopyTree(folder, Path.Combine(target, Path.GetFileName(folder)));
            }
        }
    }

    private static void Copy(string source, string target)
    {
        if (!File.Exists(target) || !File.ReadAllBytes(source).AsSpan().SequenceEqual(File.ReadAllBytes(target)))
        {
            File.Copy(source, target, overwrite: true);
            File.SetLastWriteTimeUtc(target, DateTime.UtcNow);
        }
    }

    private (int Exit, string Output) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = _root, RedirectStandardOutput = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet cannot be started.");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    [GeneratedRegex(@"seed (\d+) failed \((\w+)\)")]
    private static partial Regex Objection();
}
