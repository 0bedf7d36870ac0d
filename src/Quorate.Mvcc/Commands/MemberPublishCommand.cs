namespace Quorate.Mvcc;

/// <summary>A member tells everyone its name and where clients reach it.</summary>
/// <param name="MemberId">The member.</param>
/// <param name="Name">Its name.</param>
/// <param name="ClientUrls">Where clients reach it.</param>
public sealed record MemberPublishCommand(
    ulong MemberId,
    string Name,
    IReadOnlyList<string> ClientUrls) : Command;
