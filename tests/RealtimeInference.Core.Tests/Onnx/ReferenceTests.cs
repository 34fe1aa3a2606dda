using System.Globalization;
using System.Text.Json;
using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

/// <summary>Our results against those of implementations that share no code with this project.</summary>
public sealed class ReferenceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public async Task GermanCredit_AllReferences_WithinTolerance(int batchSize)
    {
        using OnnxModel model = OnnxModel.Load(TestModels.SamplePath("german-credit/model.onnx"));
        using JsonDocument specification = JsonDocument.Parse(File.ReadAllText(TestModels.SamplePath("german-credit/features.json")));
        Dictionary<string, Dictionary<string, string>> applicants = ReadCsv("german-credit/applicants.csv").ToDictionary(static a => a["id"]);
        Dictionary<string, string>[] references = [.. ReadCsv("german-credit/reference.csv")];
        references.Should().HaveCount(200);

        foreach (Dictionary<string, string>[] chunk in references.Chunk(batchSize))
        {
            using ModelRunner runner = model.Rent(chunk.Length);
            for (int row = 0; row < chunk.Length; row++)
            {
                Encode(applicants[chunk[row]["id"]], specification.RootElement.GetProperty("inputs"), runner.GetInputs(row).Get<float>("features"));
            }

            await runner.RunAsync();
            for (int row = 0; row < chunk.Length; row++)
            {
                runner.GetOutputs(row).Get<float>("probability_bad")[0].Should()
                    .BeApproximately(Number(chunk[row]["probability_bad"]), 1e-5f, "{0}", chunk[row]["id"]);
            }
        }
    }

    private static void Encode(Dictionary<string, string> applicant, JsonElement inputs, Span<float> features)
    {
        int next = 0;
        foreach (JsonElement input in inputs.EnumerateArray())
        {
            string value = applicant[input.GetProperty("name").GetString()!];
            switch (input.GetProperty("type").GetString())
            {
                case "number":
                    features[next++] = (Number(value) - input.GetProperty("mean").GetSingle()) / input.GetProperty("std").GetSingle();
                    break;
                case "boolean":
                    features[next++] = value == "1" ? 1 : 0;
                    break;
                default:
                    foreach (JsonElement category in input.GetProperty("categories").EnumerateArray())
                    {
                        features[next++] = category.GetString() == value ? 1 : 0;
                    }

                    break;
            }
        }

        next.Should().Be(features.Length);
    }

    private static IEnumerable<Dictionary<string, string>> ReadCsv(string name)
    {
        string[] lines = File.ReadAllLines(TestModels.SamplePath(name));
        string[] header = lines[0].Split(',');
        return lines.Skip(1).Where(static l => l.Length > 0)
            .Select(l => header.Zip(l.Split(',')).ToDictionary(static p => p.First, static p => p.Second));
    }

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);
}
