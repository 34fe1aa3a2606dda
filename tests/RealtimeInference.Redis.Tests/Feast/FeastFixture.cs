using System.Text.Json;

namespace RealtimeInference.Redis.Tests;

/// <summary>The bytes that <c>make.py</c> wrote.</summary>
internal static class FeastFixture
{
    public static JsonElement Root { get; } =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Feast", "feast.json"))).RootElement;

    public static byte[] Bytes(this JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
