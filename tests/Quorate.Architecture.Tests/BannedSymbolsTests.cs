namespace Quorate.Architecture.Tests;

/// <summary>The analyzer judges by the lists; these tests see that the lists stay whole.</summary>
public sealed class BannedSymbolsTests
{
    [Theory]
    [InlineData("Quorate.Raft", "System.DateTime")]
    [InlineData("Quorate.Raft", "System.Random")]
    [InlineData("Quorate.Raft", "System.Guid.NewGuid")]
    [InlineData("Quorate.Raft", "System.IO")]
    [InlineData("Quorate.Raft", "System.Threading")]
    [InlineData("Quorate.Raft", "System.Collections.Generic.Dictionary")]
    [InlineData("Quorate.Raft", "System.Collections.Generic.HashSet")]
    [InlineData("Quorate.Mvcc", "System.DateTime")]
    [InlineData("Quorate.Mvcc", "System.Random")]
    [InlineData("Quorate.Mvcc", "System.Guid.NewGuid")]
    [InlineData("Quorate.Mvcc", "System.IO")]
    [InlineData("Quorate.Mvcc", "System.Threading.Tasks")]
    [InlineData("Quorate.Mvcc", "System.Threading.Thread")]
    [InlineData("Quorate.Mvcc", "System.Threading.Timer")]
    public void Clocks_chance_files_and_threads_are_banned_where_decisions_are_made(string project, string symbol)
    {
        var banned = Repository.Lines($"src/{project}/BannedSymbols.txt")
            .Where(line => line.Length > 2 && line[1] == ':')
            .Select(line => line[2..].Split(';')[0].Trim());

        // A whole namespace, a type and its members, or every part of a namespace may be named.
        Assert.Contains(banned, name => name == symbol
            || name.StartsWith(symbol + ".", StringComparison.Ordinal)
            || name.StartsWith(symbol + "`", StringComparison.Ordinal)
            || name.StartsWith(symbol + "(", StringComparison.Ordinal)
            || symbol.StartsWith(name + ".", StringComparison.Ordinal));
    }
}
