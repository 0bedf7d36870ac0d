using System.Xml.Linq;

namespace Quorate.Architecture.Tests;

/// <summary>The picture of ARCHITECTURE.md, held by the project files.</summary>
public sealed class DependencyArrowsTests
{
    // Who may reference whom. What is not here is forbidden.
    private static readonly (string Project, string[] MayUse)[] Arrows =
    [
        ("Quorate.Raft", []),
        ("Quorate.Mvcc", []),
        ("Quorate.Storage", ["Quorate.Raft", "Quorate.Mvcc"]),
        ("Quorate.Node", ["Quorate.Raft", "Quorate.Storage", "Quorate.Mvcc"]),
        ("Quorate.Server", ["Quorate.Node"]),
        ("Quorate.Cli", ["Quorate.Server"]),
    ];

    [Fact]
    public void Projects_of_the_product_reference_only_what_the_picture_allows()
    {
        Finding.AssertNone(
            from project in ProjectFile.Under("src")
            from used in project.Projects
            where !Arrows.Any(arrow => arrow.Project == project.Name && arrow.MayUse.Contains(used))
            select new Finding(project.File, 1, $"references {used}"));
    }

    [Fact]
    public void Every_project_of_the_product_is_in_the_picture()
    {
        var found = ProjectFile.Under("src").Select(project => project.Name);

        Assert.Equal(Arrows.Select(arrow => arrow.Project).Order(), found.Order());
    }

    [Theory]
    [InlineData("Quorate.Raft")]
    [InlineData("Quorate.Mvcc")]
    public void The_pure_projects_reference_nothing(string name)
    {
        var project = new ProjectFile($"src/{name}/{name}.csproj");

        Assert.Empty(project.Projects);
        Assert.Empty(project.Packages);
        Assert.Empty(project.Frameworks);
    }

    [Fact]
    public void Only_the_server_and_the_executable_know_the_web_framework()
    {
        var users = ProjectFile.Under("src").Where(project => project.Frameworks.Count > 0);

        Assert.Equal(["Quorate.Cli", "Quorate.Server"], users.Select(project => project.Name).Order());
    }

    [Fact]
    public void Internals_are_open_only_to_own_tests_the_simulator_and_the_benchmarks()
    {
        string[] always = ["Quorate.Simulator", "Quorate.Simulator.Tests", "Quorate.Benchmarks"];

        Finding.AssertNone(
            from project in ProjectFile.Under("src", "tests", "bench", "eng")
            from friend in project.Friends
            where friend != $"{project.Name}.Tests" && !always.Contains(friend)
            select new Finding(project.File, 1, $"opens its internals to {friend}"));
    }

    [Fact]
    public void The_product_never_references_tests_or_benches()
    {
        var outside = ProjectFile.Under("tests", "bench", "eng").Select(project => project.Name).ToList();

        Finding.AssertNone(
            from project in ProjectFile.Under("src")
            from used in project.Projects
            where outside.Contains(used)
            select new Finding(project.File, 1, $"references {used}"));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = XDocument.Parse(Repository.Read("Quorate.slnx"));
        var listed = solution.Descendants("Project").Select(project => project.Attribute("Path")!.Value);
        var present = ProjectFile.Under("src", "tests", "bench", "eng").Select(project => project.File);

        Assert.Equal(present.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_project_keeps_its_lock_file()
    {
        Finding.AssertNone(
            from project in ProjectFile.Under("src", "tests", "bench", "eng")
            where !Repository.Exists($"{Path.GetDirectoryName(project.File)}/packages.lock.json")
            select new Finding(project.File, 1, "has no packages.lock.json beside it"));
    }

    [Fact]
    public void Package_versions_are_exact_and_in_one_place()
    {
        var central = XDocument.Parse(Repository.Read("Directory.Packages.props"));

        Assert.All(
            central.Descendants("PackageVersion"),
            package => Assert.Matches(@"^\d+(\.\d+)+$", package.Attribute("Version")!.Value));
    }
}
