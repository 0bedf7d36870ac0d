namespace Quorate.Architecture.Tests;

/// <summary>The files of the repository as these tests see them: what was written, not what was built.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs =
        [".git", "bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", ".vs", ".vscode", ".idea"];

    /// <summary>The folder that holds the solution.</summary>
    public static readonly string Root = FindRoot();

    /// <summary>All files by their path from the root, with forward slashes, in a fixed order.</summary>
    public static readonly IReadOnlyList<string> Files = [.. Walk(Root).Order(StringComparer.Ordinal)];

    /// <summary>The files under one of the folders that end in the given way.</summary>
    public static IEnumerable<string> FilesUnder(string ending, params string[] folders) =>
        Files.Where(file => file.EndsWith(ending, StringComparison.Ordinal)
            && folders.Any(folder => file.StartsWith(folder + "/", StringComparison.Ordinal)));

    /// <summary>The whole text of a file.</summary>
    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>The lines of a file.</summary>
    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    /// <summary>Whether a path from the root names a file or a folder.</summary>
    public static bool Exists(string path) => Path.Exists(Path.Combine(Root, path));

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Quorate.slnx")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException("No folder above the tests holds Quorate.slnx.");
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        }

        foreach (var below in Directory.EnumerateDirectories(folder).Where(IsOurs).SelectMany(Walk))
        {
            yield return below;
        }
    }

    private static bool IsOurs(string folder)
    {
        var name = Path.GetFileName(folder);
        return !NotOurs.Contains(name) && !name.EndsWith(".quorate", StringComparison.Ordinal);
    }
}
