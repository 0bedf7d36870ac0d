using System.Text;

namespace Quorate.Eng;

/// <summary>A page of results: shown as it grows, and kept under <c>bench/results</c> when that is asked for.</summary>
public sealed class Report(string name, bool keep)
{
    private readonly StringBuilder _text = new();

    public void Line(string line = "")
    {
        Console.WriteLine(line);
        _text.AppendLine(line);
    }

    public void End()
    {
        if (keep)
        {
            var file = Path.Combine(Checkout.Root, "bench", "results", name + ".md");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, _text.ToString());
        }
    }
}
