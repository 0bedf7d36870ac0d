using System.Globalization;

namespace Quorate.Cli.Settings;

/// <summary>Reads single settings and gathers what is wrong with them: an operator is told all of it at once.</summary>
internal sealed class RawReader(SettingSources sources)
{
    private readonly List<string> _faults = [];

    /// <summary>What is wrong; empty when the settings are good.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>What was said, and where.</summary>
    public RawSetting? Find(string name) => sources.Find(name);

    /// <summary>Where a setting was said, or the flag that would say it.</summary>
    public string SourceOf(string name) => Find(name)?.Source ?? $"--{name}";

    public void Require(bool condition, string fault)
    {
        if (!condition)
        {
            _faults.Add(fault);
        }
    }

    public string Text(string name, string fallback)
    {
        if (Find(name) is not { } raw)
        {
            return fallback;
        }

        Require(raw.Text.Length > 0, $"{raw.Source} is empty");
        return raw.Text;
    }

    public IReadOnlyList<string> Urls(string name, IReadOnlyList<string> fallback)
    {
        if (Find(name) is not { } raw)
        {
            return fallback;
        }

        if (UrlList.TryParse(raw.Text, out var urls) is not { } fault)
        {
            return urls;
        }

        _faults.Add($"{raw.Source} {fault}");
        return fallback;
    }

    public long? Number(string name)
    {
        if (Find(name) is not { } raw)
        {
            return null;
        }

        if (int.TryParse(raw.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            return number;
        }

        _faults.Add($"{raw.Source} '{raw.Text}' is not a number from 1 to {int.MaxValue}");
        return null;
    }

    public bool Switch(string name)
    {
        if (Find(name) is not { } raw)
        {
            return false;
        }

        Require(bool.TryParse(raw.Text, out var on), $"{raw.Source} '{raw.Text}' is not true or false");
        return on;
    }

    /// <summary>One of these words; the first when nothing was said.</summary>
    public string Word(string name, params string[] words)
    {
        if (Find(name) is not { } raw)
        {
            return words[0];
        }

        Require(
            words.Contains(raw.Text),
            $"{raw.Source} '{raw.Text}' is not one of {string.Join(", ", words.Where(word => word.Length > 0))}");
        return raw.Text;
    }
}
