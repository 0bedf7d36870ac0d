using System.Text;

namespace Quorate.Storage.Tests;

public sealed class ClientPortFileTests
{
    private const string Directory = "/data";
    private readonly MemoryFileSystem _files = new();

    public ClientPortFileTests() => _files.CreateDirectory(Directory);

    [Fact]
    public void What_was_kept_is_read_until_it_is_replaced()
    {
        Assert.Null(ClientPortFile.Read(_files, Directory));

        ClientPortFile.Write(_files, Directory, 41234);
        Assert.Equal(41234, ClientPortFile.Read(_files, Directory));

        ClientPortFile.Write(_files, Directory, 7);
        Assert.Equal(7, ClientPortFile.Read(_files, Directory));
        Assert.Equal([ClientPortFile.Name], _files.List(Directory));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("7000 and more")]
    public void What_is_no_port_counts_as_none(string text)
    {
        using (var file = _files.Create($"{Directory}/{ClientPortFile.Name}"))
        {
            file.Write(0, Encoding.ASCII.GetBytes(text));
        }

        Assert.Null(ClientPortFile.Read(_files, Directory));
    }
}
