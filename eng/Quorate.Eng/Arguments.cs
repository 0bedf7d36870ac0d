using System.Globalization;

namespace Quorate.Eng;

/// <summary>The options of a script: <c>--name value</c>, or <c>--name</c> alone for a switch.</summary>
public sealed class Arguments
{
    private readonly List<string> _left;

    public Arguments(IEnumerable<string> arguments) => _left = [.. arguments];

    public bool Switch(string name) => _left.Remove(name);

    public int Number(string name, int otherwise)
    {
        var text = Text(name, otherwise.ToString(CultureInfo.InvariantCulture));
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ArgumentException($"{name} takes a number, not '{text}'.");
    }

    public string Text(string name, string otherwise)
    {
        var at = _left.IndexOf(name);
        if (at < 0)
        {
            return otherwise;
        }

        if (at + 1 == _left.Count)
        {
            throw new ArgumentException($"{name} takes a value.");
        }

        var value = _left[at + 1];
        _left.RemoveRange(at, 2);
        return value;
    }

    /// <summary>Refuses what no option took.</summary>
    public void RefuseOthers()
    {
        if (_left.Count > 0)
        {
            throw new ArgumentException($"unknown: {string.Join(' ', _left)}");
        }
    }
}
