using Quorate.Raft;

namespace Quorate.Node;

/// <summary>Who this member is, from its data directory.</summary>
/// <param name="Self">Its member id.</param>
/// <param name="ClusterId">Its cluster.</param>
/// <param name="DirectoryId">Its data directory.</param>
/// <param name="Name">Its name.</param>
/// <param name="BootNonce">Drawn at this start of the process.</param>
internal sealed record MemberIdentity(
    NodeId Self, UInt128 ClusterId, UInt128 DirectoryId, string Name, ulong BootNonce);

/// <summary>The Raft groups of a log. There is one today; the formats have room for more.</summary>
internal static class LogGroup
{
    /// <summary>The only group.</summary>
    public const uint Only = 0;
}
