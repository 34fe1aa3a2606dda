using System.Text.Json.Serialization;

namespace QuickStart;

/// <summary>Code to read the model's JSON files, generated at compile time: no reflection when the program starts.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MagikaConfig))]
[JsonSerializable(typeof(Dictionary<string, ContentType>))]
internal sealed partial class MagikaJson : JsonSerializerContext;
