namespace Quorate.Storage.Tests;

public sealed class PathRulesTests
{
    [Theory]
    [InlineData(SystemKind.Unix, "a:b?", true)]
    [InlineData(SystemKind.Unix, "CON", true)]
    [InlineData(SystemKind.Unix, "a/b", false)]
    [InlineData(SystemKind.Unix, "", false)]
    [InlineData(SystemKind.Unix, "..", false)]
    [InlineData(SystemKind.Unix, "a\0b", false)]
    [InlineData(SystemKind.MacOS, "a:b?", true)]
    [InlineData(SystemKind.MacOS, "a/b", false)]
    [InlineData(SystemKind.Windows, "n1.quorate", true)]
    [InlineData(SystemKind.Windows, "a:b", false)]
    [InlineData(SystemKind.Windows, "a\\b", false)]
    [InlineData(SystemKind.Windows, "a\tb", false)]
    [InlineData(SystemKind.Windows, "a.", false)]
    [InlineData(SystemKind.Windows, "a ", false)]
    [InlineData(SystemKind.Windows, "con", false)]
    [InlineData(SystemKind.Windows, "LPT1.txt", false)]
    [InlineData(SystemKind.Windows, "LPT10", true)]
    public void Names_that_each_system_allows(SystemKind system, string name, bool allowed)
    {
        Assert.Equal(allowed, PathRules.NameFault(system, name) is null);
    }

    [Fact]
    public void Names_longer_than_the_file_system_takes_are_refused()
    {
        Assert.Null(PathRules.NameFault(SystemKind.Unix, new string('a', 255)));
        Assert.NotNull(PathRules.NameFault(SystemKind.Unix, new string('ä', 128)));
    }

    [Theory]
    [InlineData(SystemKind.Unix, false)]
    [InlineData(SystemKind.MacOS, true)]
    [InlineData(SystemKind.Windows, true)]
    public void Case_tells_names_apart_on_unix_only(SystemKind system, bool same)
    {
        Assert.Equal(same, PathRules.SameName(system, "Data", "data"));
        Assert.False(PathRules.SameName(system, "data", "date"));
    }

    [Theory]
    [InlineData(SystemKind.Unix, "n1", "n1.quorate")]
    [InlineData(SystemKind.Unix, "a/b", "a%2Fb.quorate")]
    [InlineData(SystemKind.Unix, "100%", "100%25.quorate")]
    [InlineData(SystemKind.Unix, "a:b", "a:b.quorate")]
    [InlineData(SystemKind.MacOS, "ñ", "ñ.quorate")]
    [InlineData(SystemKind.Windows, "a:b", "a%3Ab.quorate")]
    [InlineData(SystemKind.Windows, "con", "_con.quorate")]
    [InlineData(SystemKind.Windows, "x\n", "x%0A.quorate")]
    public void Data_directory_is_named_after_the_member(SystemKind system, string member, string directory)
    {
        Assert.Equal(directory, PathRules.DataDirectoryName(system, member));
        Assert.Null(PathRules.NameFault(system, directory));
    }

    [Theory]
    [InlineData(SystemKind.Unix, 28, true)]
    [InlineData(SystemKind.Unix, 122, true)]
    [InlineData(SystemKind.Unix, 5, false)]
    [InlineData(SystemKind.MacOS, 69, true)]
    [InlineData(SystemKind.MacOS, 122, false)]
    [InlineData(SystemKind.Windows, unchecked((int)0x80070070), true)]
    [InlineData(SystemKind.Windows, unchecked((int)0x80070020), false)]
    public void Only_lack_of_room_counts_as_a_full_disk(SystemKind system, int code, bool full)
    {
        Assert.Equal(full, SystemFault.IsDiskFull(new IOException("", code), system));
    }

    [Theory]
    [InlineData(SystemKind.Unix, 11, true)]
    [InlineData(SystemKind.Unix, 13, false)]
    [InlineData(SystemKind.MacOS, 35, true)]
    [InlineData(SystemKind.Windows, unchecked((int)0x80070020), true)]
    public void Only_a_lock_counts_as_taken(SystemKind system, int code, bool taken)
    {
        Assert.Equal(taken, SystemFault.IsTaken(new IOException("", code), system));
    }
}
