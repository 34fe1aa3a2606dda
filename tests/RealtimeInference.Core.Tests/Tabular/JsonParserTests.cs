using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RealtimeInference.Core.Tests.Tabular;

/// <summary>Our reader of JSON against that of .NET: what the one takes the other takes, with the same values.</summary>
public sealed class JsonParserTests
{
    private static readonly string[] s_pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"\\u00e9\"", "\"\\n\"", "\"\\x\"", "1", "-0", "01", "1.5", "1.", ".5", "1e5", "1E-3", "1e", "-",
        "true", "false", "null", "nul", " ", "\n", "\t", "\"é東🚲\"", "\"\u0001\"", "\u00A0", "//", "'a'", "+1", "\"\\ud83d\\udeb2\"", "\"",
    ];

    [Fact]
    public void Parse_RandomPieces_AgreesWithDotNet()
    {
        var random = new Random(20260310);
        int accepted = 0;
        for (int i = 0; i < 60_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => s_pieces[random.Next(s_pieces.Length)]));
            accepted += Check(text) ? 1 : 0;
        }

        accepted.Should().BeGreaterThan(1000, "random texts must not all be refused");
    }

    [Fact]
    public void Parse_MutatedSpecification_AgreesWithDotNet()
    {
        string specification = File.ReadAllText(Testing.TestModels.SamplePath("german-credit/features.json"));
        Check(specification).Should().BeTrue();
        var random = new Random(20260311);
        int refused = 0;
        for (int i = 0; i < 2000; i++)
        {
            var text = new StringBuilder(specification);
            int at = random.Next(text.Length);
            switch (random.Next(3))
            {
                case 0: text.Remove(at, 1); break;
                case 1: text.Insert(at, (char)random.Next(32, 127)); break;
                default: text[at] = "{}[],:\"0e-."[random.Next(11)]; break;
            }

            refused += Check(text.ToString()) ? 0 : 1;
        }

        refused.Should().BeGreaterThan(100);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Parse_DeepNesting_HasALimit(int depth, bool isAccepted) =>
        Check(new string('[', depth) + new string(']', depth)).Should().Be(isAccepted);

    [Fact]
    public void Parse_ByteOrderMark_IsSkipped() => JsonParser.Parse("\uFEFF[1]").Items.Should().HaveCount(1);

    private static bool Check(string text)
    {
        JsonElement? expected = null;
        try
        {
            expected = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false }).RootElement;
        }
        catch (JsonException)
        {
        }

        // The one difference: a number that no double can hold is refused at once.
        if (expected is { } read && Describe(read).Contains("Infinity", StringComparison.Ordinal))
        {
            expected = null;
        }

        JsonValue? found = null;
        try
        {
            found = JsonParser.Parse(text);
        }
        catch (JsonFormatException)
        {
        }

        (found is not null).Should().Be(expected is not null, "{0} is or is not JSON", text);
        if (found is not null)
        {
            Describe(found).Should().Be(Describe(expected!.Value), text);
        }

        return found is not null;
    }

    private static string Describe(JsonValue value) => value.Kind switch
    {
        JsonKind.Null => "null",
        JsonKind.Boolean => value.Boolean ? "true" : "false",
        JsonKind.Number => value.Number.ToString("R", CultureInfo.InvariantCulture),
        JsonKind.Text => $"'{value.Text}'",
        JsonKind.Array => $"[{string.Join(",", value.Items.Select(Describe))}]",
        _ => $"{{{string.Join(",", value.Members.Select(static m => $"'{m.Name}':{Describe(m.Value)}"))}}}",
    };

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        JsonValueKind.String => $"'{value.GetString()}'",
        JsonValueKind.Array => $"[{string.Join(",", value.EnumerateArray().Select(Describe))}]",
        _ => $"{{{string.Join(",", value.EnumerateObject().Select(static m => $"'{m.Name}':{Describe(m.Value)}"))}}}",
    };
}
