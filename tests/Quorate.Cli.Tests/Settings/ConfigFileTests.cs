using Quorate.Cli.Settings;
using Quorate.Cli.Tests.Fakes;

namespace Quorate.Cli.Tests.Settings;

public sealed class ConfigFileTests : IDisposable
{
    private static readonly string[] Known = ["name", "data-dir", "listen-peer-urls", "snapshot-count"];
    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-config-").FullName;

    [Fact]
    public void Words_numbers_and_lists_are_taken_and_what_is_empty_is_not()
    {
        var file = Of(
            "# etcd's own sample begins with a comment\nname: 'n 1'\nsnapshot-count: 7\ndata-dir:\n"
            + "listen-peer-urls:\n- http://127.0.0.1:1\n- http://127.0.0.1:2\n");

        Assert.Empty(file.Faults);
        Assert.Equal(new RawSetting("n 1", "f.yml:2 name"), file.Layer("name"));
        Assert.Equal("7", file.Layer("snapshot-count")?.Text);
        Assert.Equal("http://127.0.0.1:1,http://127.0.0.1:2", file.Layer("listen-peer-urls")?.Text);
        Assert.Null(file.Layer("data-dir"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n")]
    [InlineData("{}")]
    public void An_empty_file_says_nothing(string text)
    {
        var file = Of(text);

        Assert.Empty(file.Faults);
        Assert.Null(file.Layer("name"));
    }

    [Theory]
    [InlineData("\nnmae: n1", "f.yml:2: unknown setting 'nmae', did you mean 'name'?")]
    [InlineData("name: a\nzzzzzzzzzz: {x: [1, {y: 2}]}\nsnapshot-count: 1", "f.yml:2: unknown setting 'zzzzzzzzzz'")]
    [InlineData("name: {a: b}", "f.yml:1: the value of 'name' must be a word or a list of words")]
    [InlineData("listen-peer-urls: [a, [b]]", "f.yml:1: the list of 'listen-peer-urls' must hold words only")]
    [InlineData("name: a\nname: b", "f.yml:2: 'name' stands there twice")]
    [InlineData("? [a]\n: b", "f.yml:1: the name of a setting must be a word")]
    [InlineData("- name", "f.yml:1: there must be lines such as 'name: n1'")]
    [InlineData("name", "f.yml:1: there must be lines such as 'name: n1'")]
    [InlineData("name: a\n---\nname: b", "a second document: there must be one")]
    [InlineData("name: *nowhere", "f.yml:1: ")]
    [InlineData("name: 'a", "no YAML")]
    public void What_is_wrong_is_named_with_its_line(string text, string expected) =>
        Assert.Contains(Of(text).Faults, fault => fault.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void However_deep_a_file_is_it_is_only_wrong() =>
        Assert.NotEmpty(Of($"name: {new string('[', 100_000)}").Faults);

    [Fact]
    public void Flags_and_variables_go_before_it_and_it_before_the_defaults()
    {
        var path = Write("name: file\ndata-dir: /file\nsnapshot-count: 7\nelection-timeout: 900\n");

        var (settings, faults) = StartLineRun.Of(
            $"--config-file {path} --name flag", ("ETCD_DATA_DIR", "/variable"));

        Assert.Empty(faults);
        Assert.Equal(("flag", "/variable", 7), (settings.Name, settings.DataDirectory, settings.SnapshotCount));
        Assert.Equal((900, 100), (
            (int)settings.ElectionTimeout.TotalMilliseconds, (int)settings.HeartbeatInterval.TotalMilliseconds));
    }

    [Fact]
    public void A_variable_may_name_it_and_its_faults_are_told_with_all_others()
    {
        var path = Write("name: n1\nsnapshot-count: many\nlog-levle: info\n");

        var run = StartLineRun.Of("--heartbeat-interval x", ("QUORATE_CONFIG_FILE", path));

        Assert.Equal(
            [
                $"{path}:3: unknown setting 'log-levle', did you mean 'log-level'?",
                $"{path}:2 snapshot-count 'many' is not a number from 1 to 2147483647",
                "--heartbeat-interval 'x' is not a number from 1 to 2147483647",
            ],
            run.Faults.OrderByDescending(fault => fault.Contains("unknown", StringComparison.Ordinal))
                .ThenBy(fault => fault.StartsWith("--", StringComparison.Ordinal)));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static ConfigFile Of(string text) => ConfigFile.Of(text, "f.yml", Known);

    private string Write(string text)
    {
        var path = Path.Combine(_directory, "quorate.yml");
        File.WriteAllText(path, text);
        return path;
    }
}
