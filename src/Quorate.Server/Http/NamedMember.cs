using Quorate.Node;
using Quorate.Raft;

namespace Quorate.Server.Http;

/// <summary>The member that a request names: by its name, or by its id in hexadecimal.</summary>
internal static class NamedMember
{
    /// <summary>The member, or null. A name goes before an id, since it might look like one.</summary>
    public static MemberInfo? Find(MemberStatus status, string named) =>
        status.FindName(named) ?? (NodeId.TryParse(named, out var id) ? status.Find(id) : null);

    /// <summary>That there is no such member, and which there are.</summary>
    public static ApiError Missing(MemberStatus status, string named)
    {
        if (status.Members.Count == 0)
        {
            return Refusals.Of(RefusalReason.Unconfigured);
        }

        var names = status.Members.Select(member =>
            member.Name.Length > 0 ? $"\"{member.Name}\"" : $"{member.Id.Value:x16} (announced)");
        return new ApiError(
            ErrorCode.NotFound, $"there is no member \"{named}\"; there are {string.Join(", ", names)}")
        {
            Refusal = "no_such_member",
        };
    }
}
