namespace Quorate.Eng;

/// <summary>What a client knows of a write.</summary>
public enum Outcome
{
    /// <summary>Answered with success: it must never be lost.</summary>
    Acknowledged,

    /// <summary>Certainly not done.</summary>
    Refused,

    /// <summary>It may be done, now or later, or never.</summary>
    Unknown,
}
