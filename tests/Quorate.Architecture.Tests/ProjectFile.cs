using System.Xml.Linq;

namespace Quorate.Architecture.Tests;

/// <summary>What one project file says it needs.</summary>
internal sealed class ProjectFile(string file)
{
    private readonly XDocument _xml = XDocument.Parse(Repository.Read(file));

    public string File { get; } = file;

    public string Name { get; } = Path.GetFileNameWithoutExtension(file);

    public IReadOnlyList<string> Projects =>
        [.. Values("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))];

    public IReadOnlyList<string> Packages => Values("PackageReference");

    public IReadOnlyList<string> Frameworks => Values("FrameworkReference");

    public IReadOnlyList<string> Friends => Values("InternalsVisibleTo");

    /// <summary>The projects below a folder.</summary>
    public static IEnumerable<ProjectFile> Under(params string[] folders) =>
        Repository.FilesUnder(".csproj", folders).Select(file => new ProjectFile(file));

    private List<string> Values(string element) =>
        [.. _xml.Descendants(element).Select(found => found.Attribute("Include")!.Value)];
}
