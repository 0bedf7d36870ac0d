using Quorate.Cli.Dev;

namespace Quorate.Cli.Tests.Dev;

public sealed class LineEditorTests
{
    private readonly LineEditor _editor = new();

    [Fact]
    public void What_is_typed_is_the_line()
    {
        Type("kill n2");

        Assert.Equal(EditResult.Entered, Press(ConsoleKey.Enter));

        Assert.Equal("kill n2", _editor.TakeLine());
        Assert.Equal(("", 0), (_editor.Text, _editor.Cursor));
    }

    [Fact]
    public void Text_is_put_in_and_taken_out_at_the_cursor()
    {
        Type("kll n2x");
        Press(ConsoleKey.Backspace);
        Press(ConsoleKey.Home);
        Press(ConsoleKey.RightArrow);
        Type("i");
        Press(ConsoleKey.End);
        Press(ConsoleKey.LeftArrow);
        Press(ConsoleKey.Delete);
        Type("3");

        Assert.Equal("kill n3", _editor.Text);
    }

    [Fact]
    public void Edges_hold()
    {
        Press(ConsoleKey.Backspace);
        Press(ConsoleKey.Delete);
        Press(ConsoleKey.LeftArrow);
        Press(ConsoleKey.RightArrow);
        Press(ConsoleKey.UpArrow);
        Type(new string('x', 1000));

        Assert.Equal(200, _editor.Text.Length);
    }

    [Fact]
    public void Up_and_down_walk_through_what_was_entered()
    {
        foreach (var line in new[] { "status", "kill n1", "kill n1" })
        {
            Type(line);
            _editor.TakeLine();
        }

        Press(ConsoleKey.UpArrow);
        Press(ConsoleKey.UpArrow);
        Assert.Equal("status", _editor.Text);
        Press(ConsoleKey.DownArrow);
        Assert.Equal("kill n1", _editor.Text);
        Press(ConsoleKey.DownArrow);
        Assert.Equal("", _editor.Text);
    }

    [Fact]
    public void Control_c_leaves_and_control_d_does_on_an_empty_line()
    {
        Assert.Equal(EditResult.Quit, Control(ConsoleKey.D));
        Type("x");
        Assert.Equal(EditResult.Editing, Control(ConsoleKey.D));
        Assert.Equal(EditResult.Quit, Control(ConsoleKey.C));
        Control(ConsoleKey.U);
        Assert.Equal("", _editor.Text);
    }

    private EditResult Press(ConsoleKey key) =>
        _editor.Press(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: false));

    private EditResult Control(ConsoleKey key) =>
        _editor.Press(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: true));

    private void Type(string text)
    {
        foreach (var c in text)
        {
            _editor.Press(new ConsoleKeyInfo(c, ConsoleKey.NoName, shift: false, alt: false, control: false));
        }
    }
}
