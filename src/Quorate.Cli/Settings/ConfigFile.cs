using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Quorate.Cli.Settings;

/// <summary>
/// A file of settings: one YAML mapping from names (those of etcd's flags and ours, without dashes) to values. A list
/// of URLs may be a sequence, too. Everything that is wrong is told, with its line.
/// </summary>
/// <remarks>Read event by event: however deep a file is nested, it takes no stack.</remarks>
internal sealed class ConfigFile
{
    private const int BytesMax = 1024 * 1024;
    private readonly string _path;
    private readonly IReadOnlyList<string> _known;
    private readonly Dictionary<string, RawSetting> _settings = [];
    private readonly List<string> _faults = [];

    private ConfigFile(string path, IReadOnlyList<string> known)
    {
        _path = path;
        _known = known;
    }

    /// <summary>What is wrong with it.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>What it says.</summary>
    public SettingLayer Layer => name => _settings.TryGetValue(name, out var raw) ? raw : null;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Which.</param>
    /// <param name="known">The names that may stand in it.</param>
    public static ConfigFile Read(string path, IReadOnlyList<string> known)
    {
        var file = new ConfigFile(path, known);
        try
        {
            var info = new FileInfo(path);
            if (info.Exists && info.Length > BytesMax)
            {
                file._faults.Add($"{path} has more than {BytesMax} bytes");
                return file;
            }

            file.Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            file._faults.Add($"the config file cannot be read: {e.Message}");
        }

        return file;
    }

    /// <summary>Reads the text of a file.</summary>
    public static ConfigFile Of(string text, string path, IReadOnlyList<string> known)
    {
        var file = new ConfigFile(path, known);
        file.Parse(text);
        return file;
    }

    private void Parse(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                return;
            }

            parser.Consume<DocumentStart>();
            ReadDocument(parser);
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out var second))
            {
                Fault(second, "a second document: there must be one");
            }
        }
        catch (YamlException e)
        {
            _faults.Add($"{_path}:{e.Start.Line}: no YAML: {e.Message}");
        }
    }

    private void ReadDocument(Parser parser)
    {
        // An empty file with nothing but comments holds an empty scalar.
        if (parser.Accept<Scalar>(out var only) && IsNull(only))
        {
            parser.MoveNext();
            return;
        }

        if (!parser.TryConsume<MappingStart>(out _))
        {
            Fault(parser.Current!, "there must be lines such as 'name: n1'");
            Skip(parser);
            return;
        }

        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (parser.TryConsume<Scalar>(out var key))
            {
                ReadSetting(parser, key);
            }
            else
            {
                Fault(parser.Current!, "the name of a setting must be a word");
                Skip(parser);
                Skip(parser);
            }
        }
    }

    private void ReadSetting(Parser parser, Scalar key)
    {
        var isKnown = _known.Contains(key.Value);
        if (!isKnown)
        {
            var meant = Suggestion.For(key.Value, _known);
            Fault(key, $"unknown setting '{key.Value}'{(meant is null ? "" : $", did you mean '{meant}'?")}");
        }

        var value = ReadValue(parser, key);
        if (isKnown && value is not null && !_settings.TryAdd(
            key.Value, new RawSetting(value, $"{_path}:{key.Start.Line} {key.Value}")))
        {
            Fault(key, $"'{key.Value}' stands there twice");
        }
    }

    // Null for a value that is not there: as in etcd's own sample file, that is no setting.
    private string? ReadValue(Parser parser, Scalar key)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return IsNull(scalar) ? null : scalar.Value;
        }

        if (!parser.TryConsume<SequenceStart>(out _))
        {
            Fault(key, $"the value of '{key.Value}' must be a word or a list of words");
            Skip(parser);
            return null;
        }

        var parts = new List<string>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            if (parser.TryConsume<Scalar>(out var part))
            {
                parts.Add(part.Value);
            }
            else
            {
                Fault(parser.Current!, $"the list of '{key.Value}' must hold words only");
                Skip(parser);
            }
        }

        return string.Join(',', parts);
    }

    // One whole node, however deep.
    private static void Skip(Parser parser)
    {
        var depth = 0;
        do
        {
            depth += parser.Current!.NestingIncrease;
            parser.MoveNext();
        }
        while (depth > 0);
    }

    private static bool IsNull(Scalar scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is ("" or "~" or "null" or "Null" or "NULL");

    private void Fault(ParsingEvent at, string words) => _faults.Add($"{_path}:{at.Start.Line}: {words}");
}
