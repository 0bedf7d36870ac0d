using Quorate.Cli.Dev;

namespace Quorate.Cli.Tests.Dev;

public sealed class DevScreenTests
{
    [Fact]
    public void The_table_stands_above_the_input()
    {
        var frame = DevScreen.Compose(View(), width: 80, height: 16);

        Assert.Equal(
            [
                "quorate dev: n1 leads in term 2",
                "",
                "  name   pid  clients         role       term  commit  applied  lag",
                "  n1    4711  127.0.0.1:2379  leader        2      42       42    0",
                "  n2       -  127.0.0.1:3379  ended (0)     -       -        -    -",
                "",
                "  curl",
                "",
                "one",
                "two",
                "", "", "", "",
                "> kill n2",
                "kill n2 | start n2 | status | quit",
            ],
            frame.Lines.Select(line => line.Text));
        Assert.Equal((14, 6), (frame.CursorRow, frame.CursorColumn));
        Assert.Equal(LineStyle.Good, frame.Lines[3].Style);
        Assert.Equal(LineStyle.Bad, frame.Lines[4].Style);
    }

    [Fact]
    public void The_newest_messages_stay_when_there_is_little_room()
    {
        var frame = DevScreen.Compose(View(), width: 80, height: 11);

        Assert.Equal("two", frame.Lines[8].Text);
        Assert.Equal("> kill n2", frame.Lines[9].Text);
    }

    [Fact]
    public void Every_size_of_window_is_filled_exactly()
    {
        for (var height = 1; height < 30; height++)
        {
            for (var width = 1; width < 90; width += 8)
            {
                var frame = DevScreen.Compose(View(), width, height);

                Assert.Equal(height, frame.Lines.Count);
                Assert.All(frame.Lines, line => Assert.True(line.Text.Length <= width));
                Assert.InRange(frame.CursorRow, 0, height - 1);
                Assert.InRange(frame.CursorColumn, 0, width - 1);
            }
        }
    }

    private static DevView View() => new(
        "quorate dev: n1 leads in term 2",
        [
            new DevRow("n1", "127.0.0.1:2379", 4711, "leader", "2", "42", "42", "0"),
            new DevRow("n2", "127.0.0.1:3379", null, "ended (0)", "-", "-", "-", "-"),
        ],
        ["curl"],
        [new ScreenLine("one"), new ScreenLine("two")],
        "kill n2",
        InputCursor: 4);
}
