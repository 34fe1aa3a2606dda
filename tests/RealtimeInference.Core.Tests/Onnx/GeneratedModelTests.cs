using System.Text.Json;
using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

/// <summary>The generated models against references worked out without ONNX Runtime.</summary>
public sealed class GeneratedModelTests
{
    private const float Tolerance = 2e-6f;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Mlp_References_AreMet(int batchSize)
    {
        using OnnxModel model = TestModels.Load("mlp_30_64_32_1.onnx");
        using JsonDocument cases = Read("mlp_30_64_32_1");
        foreach (JsonElement[] chunk in cases.RootElement.EnumerateArray().ToArray().Chunk(batchSize))
        {
            using ModelRunner runner = model.Rent(chunk.Length);
            for (int row = 0; row < chunk.Length; row++)
            {
                runner.GetInputs(row).Set<float>("features", Flatten(chunk[row].GetProperty("features"), Single));
            }

            await runner.RunAsync();
            for (int row = 0; row < chunk.Length; row++)
            {
                ShouldBeNear(runner.GetOutputs(row).Get<float>("score"), Flatten(chunk[row].GetProperty("score"), Single));
            }
        }
    }

    [Fact]
    public async Task VariableLength_References_AreMet()
    {
        using OnnxModel model = TestModels.Load("variable_length.onnx");
        using JsonDocument cases = Read("variable_length");
        foreach (JsonElement reference in cases.RootElement.EnumerateArray())
        {
            JsonElement[] ids = [.. reference.GetProperty("input_ids").EnumerateArray()];
            JsonElement[] masks = [.. reference.GetProperty("attention_mask").EnumerateArray()];
            int length = ids[0].GetArrayLength();
            using ModelRunner runner = model.Rent(ids.Length);
            for (int row = 0; row < ids.Length; row++)
            {
                runner.GetInputs(row).Set<long>("input_ids", Flatten(ids[row], Integer), length);
                runner.GetInputs(row).Set<long>("attention_mask", Flatten(masks[row], Integer), length);
            }

            await runner.RunAsync();
            for (int row = 0; row < ids.Length; row++)
            {
                ShouldBeNear(runner.GetOutputs(row).Get<float>("embedding"), Flatten(reference.GetProperty("embedding")[row], Single));
                ShouldBeNear(runner.GetOutputs(row).Get<float>("last_hidden_state"), Flatten(reference.GetProperty("last_hidden_state")[row], Single));
                runner.GetOutputs(row).GetShape("last_hidden_state").ToArray().Should().Equal(length, 8);
            }
        }
    }

    [Fact]
    public async Task SequenceMap_WrongTypes_NameTheRightOnes()
    {
        using OnnxModel model = TestModels.Load("sequence_map_int64.onnx");
        using ModelRunner runner = model.Rent();
        runner.GetInputs().Set<float>("x", [1, 2, 3, 4]);
        await runner.RunAsync();

        runner.Invoking(static r => r.GetOutputs().GetMap<string, float>("probabilities")).Should().Throw<TensorMismatchException>()
            .WithMessage("*GetMap<long, float>*");
        runner.Invoking(static r => r.GetOutputs().Get<float>("probabilities").Length).Should().Throw<TensorMismatchException>()
            .WithMessage("*GetMap<long, float>*");
        runner.Invoking(static r => r.GetOutputs().GetMap<long, float>("label")).Should().Throw<TensorMismatchException>();
    }

    [Fact]
    public async Task ExternalData_ByBytes_MeetsReferences()
    {
        byte[] bytes = await File.ReadAllBytesAsync(TestModels.Path("external_data.onnx"));

        // A slice of a larger array: only the slice is the model.
        byte[] padded = [1, 2, 3, .. bytes, 4];
        using OnnxModel model = OnnxModel.Load(
            padded.AsMemory(3, bytes.Length), new OnnxModelOptions { ExternalDataFolder = Path.GetDirectoryName(TestModels.Path("x")) });
        model.Name.Should().Be("model");
        await RunExternal(model);
    }

    [Fact]
    public void ExternalData_FileMissing_SaysWhereItBelongs()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            File.Copy(TestModels.Path("external_data.onnx"), Path.Combine(folder, "m.onnx"));
            Action byPath = () => OnnxModel.Load(Path.Combine(folder, "m.onnx")).Dispose();
            Action byBytes = () => OnnxModel.Load(
                File.ReadAllBytes(TestModels.Path("external_data.onnx")), new OnnxModelOptions { ExternalDataFolder = folder }).Dispose();

            byPath.Should().Throw<ModelLoadException>().WithMessage("*beside the model*");
            byBytes.Should().Throw<ModelLoadException>().WithMessage("*ExternalDataFolder*");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunExternal(OnnxModel model)
    {
        using JsonDocument cases = Read("external_data");
        using ModelRunner runner = model.Rent();
        foreach (JsonElement reference in cases.RootElement.EnumerateArray())
        {
            runner.GetInputs().Set<float>("x", Flatten(reference.GetProperty("x"), Single));
            await runner.RunAsync();
            ShouldBeNear(runner.GetOutputs().Get<float>("y"), Flatten(reference.GetProperty("y"), Single));
        }
    }

    private static void ShouldBeNear(ReadOnlySpan<float> values, float[] expected)
    {
        values.Length.Should().Be(expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            values[i].Should().BeApproximately(expected[i], Tolerance);
        }
    }

    private static float Single(JsonElement element) => element.GetSingle();

    private static long Integer(JsonElement element) => element.GetInt64();

    private static T[] Flatten<T>(JsonElement element, Func<JsonElement, T> read) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().SelectMany(e => Flatten(e, read))] : [read(element)];

    private static JsonDocument Read(string name) => JsonDocument.Parse(File.ReadAllText(TestModels.Path($"{name}.reference.json")));
}
