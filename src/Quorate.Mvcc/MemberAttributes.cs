namespace Quorate.Mvcc;

/// <summary>What a member tells everyone about itself.</summary>
/// <param name="Id">The member's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="ClientUrls">Where clients reach it.</param>
public sealed record MemberAttributes(ulong Id, string Name, IReadOnlyList<string> ClientUrls)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Id:x16}) {string.Join(',', ClientUrls)}";
}
