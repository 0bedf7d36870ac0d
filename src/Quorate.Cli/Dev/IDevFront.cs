namespace Quorate.Cli.Dev;

/// <summary>Where a person, or a file, sees the cluster.</summary>
internal interface IDevFront : IDisposable
{
    /// <summary>Tells something once.</summary>
    void Say(ScreenLine line);

    /// <summary>Shows how things stand now.</summary>
    void Show(DevPicture picture);

    /// <summary>Takes a key; returns the line that it finished, or null.</summary>
    string? Press(ConsoleKeyInfo key);
}

/// <summary>How things stand.</summary>
internal sealed record DevPicture(string Title, IReadOnlyList<DevRow> Rows);
