using System.Reflection;

namespace Quorate.Cli;

/// <summary>What <c>--version</c> prints.</summary>
internal static class ProductVersion
{
    private const int CommitDigits = 8;

    /// <summary>For example <c>0.1.0</c>.</summary>
    public static string Number { get; } = Split().Number;

    /// <summary>For example <c>quorate 0.1.0 (4f1a2b3c)</c>; the build may not know the commit.</summary>
    public static string Line { get; } = Split() is (var number, { Length: > 0 } commit)
        ? $"quorate {number} ({commit[..Math.Min(CommitDigits, commit.Length)]})"
        : $"quorate {Split().Number}";

    private static (string Number, string Commit) Split()
    {
        var whole = typeof(ProductVersion).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
        var plus = whole.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? (whole, "") : (whole[..plus], whole[(plus + 1)..]);
    }
}
