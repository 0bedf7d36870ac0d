using System.Text;

namespace Quorate.EndToEnd.Tests.Tours;

/// <summary>Makes one bash script of a page, which tells on descriptor 3 where it is.</summary>
internal static class TourScript
{
    /// <summary>Behind the last command.</summary>
    public const string Done = "done";

    // Whatever was put into the background ends with the script.
    private const string Head = """
        set -uo pipefail
        at() { printf '%s\n' "$1" >&3; }
        failed() { printf 'line %s: %s\n' "$1" "$2" >&2; exit 1; }
        end() {
          for pid in $(jobs -p); do kill -KILL "$pid" 2>/dev/null; done
          wait 2>/dev/null
        }
        trap end EXIT

        """;

    public static string Of(TourPage page)
    {
        var script = new StringBuilder(Head);
        foreach (var command in page.Commands)
        {
            script.Append($"\nat {command.Line}\n");
            if (command.Answer is { } answer)
            {
                script.Append($"answer=$({command.Text}\n) || failed {command.Line} \"ended with $?: $answer\"\n");
                script.Append($"[ \"$answer\" = {Quoted(answer)} ] || failed {command.Line} \"printed '$answer'\"\n");
            }
            else
            {
                script.Append($"{command.Text}\n");
                script.Append($"status=$?\n[ \"$status\" = 0 ] || failed {command.Line} \"ended with $status\"\n");
            }
        }

        return script.Append($"\nat {Done}\n").ToString();
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
