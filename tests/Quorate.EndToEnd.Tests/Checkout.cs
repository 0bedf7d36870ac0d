namespace Quorate.EndToEnd.Tests;

/// <summary>The repository that these tests were built from, and the executable that they start.</summary>
internal static class Checkout
{
    /// <summary>The folder that holds the solution.</summary>
    public static readonly string Root = FindRoot();

    /// <summary>The node's assembly, to be started by <c>dotnet</c>.</summary>
    public static readonly string Quorate = Path.Combine(AppContext.BaseDirectory, "quorate.dll");

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
}
