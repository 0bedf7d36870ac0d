using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quorate.Cli.Client;

/// <summary>Reads the server's JSON without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NodeStatus))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(VerboseValue))]
[JsonSerializable(typeof(VerboseDelete))]
internal sealed partial class ClientJson : JsonSerializerContext;
