namespace Quorate.Server;

/// <summary>What one member said to a node that asks to be taken in.</summary>
/// <param name="Kind">What to do about it.</param>
/// <param name="Words">What was said, or why nothing was, as a clause.</param>
internal readonly record struct JoinAnswer(JoinAnswerKind Kind, string Words);

/// <summary>What an answer means for the next question.</summary>
internal enum JoinAnswerKind
{
    /// <summary>It is being done.</summary>
    Accepted,

    /// <summary>Not now: ask again.</summary>
    NotYet,

    /// <summary>The cluster could not reach this node at the address it gave.</summary>
    Unreachable,

    /// <summary>No, until somebody does something about it.</summary>
    Refused,
}
