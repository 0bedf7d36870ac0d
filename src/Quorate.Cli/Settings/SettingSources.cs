namespace Quorate.Cli.Settings;

/// <summary>A setting as it was written, and where: <c>--name</c>, <c>QUORATE_NAME</c> or <c>ETCD_NAME</c>.</summary>
internal readonly record struct RawSetting(string Text, string Source);

/// <summary>Where settings come from: flags go before <c>QUORATE_*</c>, that before <c>ETCD_*</c>.</summary>
internal sealed class SettingSources(Func<string, string?> flag, Func<string, string?> environment)
{
    private static readonly string[] Prefixes = ["QUORATE_", "ETCD_"];

    /// <summary>Finds a setting by its flag's name without dashes, for example <c>data-dir</c>.</summary>
    public RawSetting? Find(string name)
    {
        if (flag(name) is { } given)
        {
            return new RawSetting(given, $"--{name}");
        }

        // An empty variable is no setting, as in etcd: compose files often pass empty ones on.
        foreach (var variable in Prefixes.Select(prefix => VariableOf(prefix, name)))
        {
            if (environment(variable) is { Length: > 0 } value)
            {
                return new RawSetting(value, variable);
            }
        }

        return null;
    }

    private static string VariableOf(string prefix, string name) =>
        prefix + name.ToUpperInvariant().Replace('-', '_');
}
