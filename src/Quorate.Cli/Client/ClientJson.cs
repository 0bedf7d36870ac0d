using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quorate.Cli.Client;

/// <summary>Reads the server's JSON without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NodeStatus))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(VerboseValue))]
[JsonSerializable(typeof(VerboseDelete))]
[JsonSerializable(typeof(MemberListBody))]
[JsonSerializable(typeof(MemberBody))]
[JsonSerializable(typeof(IReadOnlyList<ClusterMember>))]
[JsonSerializable(typeof(MemberRequest))]
[JsonSerializable(typeof(LeaderBody))]
[JsonSerializable(typeof(TransferBody))]
internal sealed partial class ClientJson : JsonSerializerContext;
