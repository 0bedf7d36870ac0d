namespace Quorate.Server.Http;

/// <summary>The node takes another identity just now; nothing was done, and the request may be sent again.</summary>
internal sealed class MemberRestartingException() : Exception("this node is becoming another member; try again");
