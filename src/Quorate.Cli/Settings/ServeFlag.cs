namespace Quorate.Cli.Settings;

/// <summary>One flag of the start line, as it is shown; its value is a text that is judged later.</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="Value">What stands for the value in help.</param>
/// <param name="Words">What it means, and its default.</param>
internal sealed record ServeFlag(string Name, string Value, string Words)
{
    private const string SwitchValue = "true|false";

    /// <summary>As its own system writes it. One dash and two are the same to us.</summary>
    public string Dashes { get; init; } = "--";

    /// <summary>Whether the flag alone means <c>true</c>.</summary>
    public bool IsSwitch => Value == SwitchValue;

    /// <summary>As messages name it.</summary>
    public string Written => Dashes + Name;

    public static ServeFlag Switch(string name, string words) => new(name, SwitchValue, words);
}
