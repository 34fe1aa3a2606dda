using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RealtimeInference.Core.Tests.Tabular;

/// <summary>Against scikit-learn and NumPy, whose results lie in encodings.json.</summary>
public sealed class ReferenceEncodingTests
{
    private static readonly JsonElement s_reference =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "tabular", "encodings.json"))).RootElement;

    private readonly FeatureSpecification _specification = FeatureSpecification.Parse(s_reference.GetProperty("specification").GetRawText());

    [Fact]
    public void TextEncoder_RowsOfScikitLearn_AreEncodedAlike()
    {
        IInputEncoder<IReadOnlyDictionary<string, string?>> encoder = _specification.CreateTextEncoder();

        Check(row => Encoded.Write(encoder, row.EnumerateObject().ToDictionary(static m => m.Name, static m => ToText(m.Value)), _specification.Tensors));
    }

    [Fact]
    public void ObjectEncoder_RowsOfScikitLearn_AreEncodedAlike()
    {
        IInputEncoder<IReadOnlyDictionary<string, object?>> encoder = _specification.CreateObjectEncoder();

        Check(row => Encoded.Write(encoder, row.EnumerateObject().ToDictionary(static m => m.Name, static m => ToObject(m.Value)), _specification.Tensors));
    }

    [Fact]
    public void RowEncoder_RowsOfScikitLearn_AreEncodedAlike()
    {
        string[] header = ["nothing we know", .. s_reference.GetProperty("rows")[0].GetProperty("row").EnumerateObject().Select(static m => m.Name).Reverse()];
        IInputEncoder<IReadOnlyList<string?>> encoder = _specification.CreateRowEncoder(header);

        Check(row => Encoded.Write(
            encoder, [.. header.Select(h => row.TryGetProperty(h, out JsonElement value) ? ToText(value) : "?")], _specification.Tensors));
    }

    [Fact]
    public void Hash_SpecificationOfTheReference_IsThatOfThePythonScript()
    {
        _specification.Hash.Should().Be(s_reference.GetProperty("hash").GetString());
        FeatureSpecification.Load(Testing.TestModels.SamplePath("german-credit/features.json")).Hash
            .Should().Be(s_reference.GetProperty("creditHash").GetString());
    }

    [Fact]
    public void Murmur_TextsAndSeeds_HashAsInScikitLearn()
    {
        JsonElement[] vectors = [.. s_reference.GetProperty("murmur").EnumerateArray()];

        vectors.Should().HaveCountGreaterThan(10);
        foreach (JsonElement vector in vectors)
        {
            MurmurHash3.Hash(Encoding.UTF8.GetBytes(vector.GetProperty("text").GetString()!), vector.GetProperty("seed").GetUInt32())
                .Should().Be(vector.GetProperty("hash").GetUInt32());
        }
    }

    [Theory]
    [InlineData("", 0u, 0u)]
    [InlineData("", 1u, 0x514E28B7u)]
    [InlineData("", 0xFFFFFFFFu, 0x81F16F39u)]
    [InlineData("test", 0u, 0xBA6BD213u)]
    [InlineData("Hello, world!", 0u, 0xC0363E43u)]
    [InlineData("aaaa", 0x9747B28Cu, 0x5A97808Au)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x9747B28Cu, 0x2FA826CDu)]
    public void Murmur_PublishedVectors_AreMet(string text, uint seed, uint hash)
    {
        MurmurHash3.Hash(Encoding.UTF8.GetBytes(text), seed).Should().Be(hash);
        TabularEncoding.HashBucket(text, seed, 1 << 24).Should().Be((int)(hash % (1 << 24)));
    }

    private static void Check(Func<JsonElement, Array[]> encode)
    {
        JsonElement[] rows = [.. s_reference.GetProperty("rows").EnumerateArray()];
        rows.Should().HaveCount(60);
        foreach (JsonElement row in rows)
        {
            Array[] tensors = encode(row.GetProperty("row"));

            float[] floats = [.. row.GetProperty("floats").EnumerateArray().Select(static x => x.GetSingle())];
            ((float[])tensors[0]).Should().HaveCount(floats.Length);
            for (int i = 0; i < floats.Length; i++)
            {
                ((float[])tensors[0])[i].Should().BeApproximately(floats[i], 1e-6f * Math.Max(1, Math.Abs(floats[i])), "element {0} of {1}", i, row.GetProperty("row"));
            }

            ((long[])tensors[1]).Should().Equal(row.GetProperty("ids").EnumerateArray().Select(static x => x.GetInt64()));
        }
    }

    private static string? ToText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };

    private static object? ToObject(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.GetDouble(),
        _ => DateTime.TryParseExact(value.GetString(), "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date)
            ? date
            : value.GetString(),
    };
}
