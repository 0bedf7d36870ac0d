using System.Reflection;

namespace Quorate.Server;

/// <summary>The version of this build.</summary>
internal static class ProductVersion
{
    /// <summary>As in <c>0.1.0</c>: what the build was told, without the commit behind a plus.</summary>
    public static readonly string Text = Read();

    private static string Read()
    {
        var attribute = typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        var version = attribute?.InformationalVersion ?? "0.0.0";
        var plus = version.IndexOf('+');
        return plus < 0 ? version : version[..plus];
    }
}
