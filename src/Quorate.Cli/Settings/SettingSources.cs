namespace Quorate.Cli.Settings;

/// <summary>A setting as it was written, and where: <c>--name</c>, <c>QUORATE_NAME</c>, a line of a file.</summary>
internal readonly record struct RawSetting(string Text, string Source);

/// <summary>One place that settings come from, asked by the common name, for example <c>data-dir</c>.</summary>
internal delegate RawSetting? SettingLayer(string name);

/// <summary>Where settings come from. Earlier layers go before later ones.</summary>
internal sealed class SettingSources(params SettingLayer[] layers)
{
    /// <summary>Finds a setting by its flag's name without dashes.</summary>
    public RawSetting? Find(string name)
    {
        foreach (var layer in layers)
        {
            if (layer(name) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The variables of one prefix.</summary>
    /// <remarks>An empty one is no setting, as in etcd: compose files often pass empty ones on.</remarks>
    public static SettingLayer Environment(string prefix, Func<string, string?> environment) => name =>
    {
        var variable = prefix + name.ToUpperInvariant().Replace('-', '_');
        return environment(variable) is { Length: > 0 } value ? new RawSetting(value, variable) : null;
    };
}
