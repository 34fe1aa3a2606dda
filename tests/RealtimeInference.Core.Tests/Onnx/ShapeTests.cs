using System.Text.Json;
using Microsoft.Extensions.Logging;
using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

/// <summary>Shapes that change from run to run, outputs of unknown shape, inputs that may be left out, sequences of maps.</summary>
public sealed class ShapeTests
{
    [Fact]
    public async Task Run_OutputWhoseShapeDependsOnTheData_IsReadAsItIs()
    {
        using OnnxModel model = TestModels.Load("non_zero.onnx");
        foreach (float[] input in new float[][] { [0, 1, 0, 2], [0, 0], [3, 0, 0, 0, 0, 4, 5], [1], [0] })
        {
            using ModelRunner runner = model.Rent();
            runner.GetInputs().Set<float>("x", input, input.Length);
            await runner.RunAsync();

            long[] expected = [.. Enumerable.Range(0, input.Length).Where(i => input[i] != 0).Select(static i => (long)i)];
            runner.GetOutputs().Get<long>("indices").ToArray().Should().Equal(expected);
            runner.GetOutputs().GetShape("indices").ToArray().Should().Equal(1, expected.Length);
        }
    }

    [Fact]
    public async Task Run_LengthsThatAlternate_MatchTheReference()
    {
        using OnnxModel model = TestModels.Load("variable_length.onnx");
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllText(TestModels.Path("variable_length.reference.json")));

        // Debug builds keep two bindings, so every shape is made, evicted and made again.
        for (int round = 0; round < 3; round++)
        {
            foreach (JsonElement example in reference.RootElement.EnumerateArray())
            {
                long[][] ids = Rows<long>(example, "input_ids");
                long[][] mask = Rows<long>(example, "attention_mask");
                float[][] expected = Rows<float>(example, "embedding");
                using ModelRunner runner = model.Rent(ids.Length);
                for (int row = 0; row < ids.Length; row++)
                {
                    runner.GetInputs(row).Set<long>("input_ids", ids[row], ids[row].Length);
                    runner.GetInputs(row).Set<long>("attention_mask", mask[row], mask[row].Length);
                }

                await runner.RunAsync();
                for (int row = 0; row < ids.Length; row++)
                {
                    float[] embedding = runner.GetOutputs(row).Get<float>("embedding").ToArray();
                    embedding.Zip(expected[row], static (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(1e-5f);
                    runner.GetOutputs(row).GetShape("last_hidden_state").ToArray().Should().Equal(ids[row].Length, 8);
                }
            }
        }
    }

    [Fact]
    public async Task Run_DeviceMemory_AnswersAsHostMemoryDoes()
    {
        using OnnxModel device = TestModels.Load("variable_length.onnx", static o => o.TreatAsDeviceMemory = true);
        using OnnxModel host = TestModels.Load("variable_length.onnx");
        foreach (int length in new[] { 3, 9, 3, 40, 1, 9 })
        {
            long[] ids = [.. Enumerable.Range(1, length).Select(static i => (long)(i % 50))];
            (await EmbedAsync(device, ids)).Should().Equal(await EmbedAsync(host, ids));
            (await EmbedAsync(device, [.. ids.Reverse()])).Should().Equal(await EmbedAsync(host, [.. ids.Reverse()]), "every run copies its own values");
        }
    }

    [Fact]
    public async Task Run_OptionalInput_GivenAndLeftOut()
    {
        using OnnxModel model = TestModels.Load("optional_input.onnx", static o => o.BatchDimension = BatchDimension.None);
        for (int round = 0; round < 3; round++)
        {
            (await AddAsync(bias: null)).Should().Equal(11, 22, 33);
            (await AddAsync(bias: [1, 1, 1])).Should().Equal(2, 3, 4);
            (await AddAsync(bias: [0, 0, round])).Should().Equal(1, 2, 3 + round);
        }

        async Task<float[]> AddAsync(float[]? bias)
        {
            using ModelRunner runner = model.Rent();
            runner.GetInputs().Set<float>("x", [1, 2, 3], 1, 3);
            if (bias is not null)
            {
                runner.GetInputs().Set<float>("bias", bias);
            }

            await runner.RunAsync();
            return runner.GetOutputs().Get<float>("y").ToArray();
        }
    }

    [Fact]
    public async Task Run_InputOfOptionalType_GivenAndLeftOut()
    {
        using OnnxModel model = TestModels.Load("optional_type.onnx");
        foreach (bool isGiven in new[] { false, true, false, true })
        {
            using ModelRunner runner = model.Rent();
            runner.GetInputs().Set<float>("x", [1, 2]);
            if (isGiven)
            {
                runner.GetInputs().Set<float>("maybe", [10, 20]);
            }

            await runner.RunAsync();
            runner.GetOutputs().Get<float>("y").ToArray().Should().Equal(isGiven ? [11f, 22f] : [1f, 2f]);
        }
    }

    [Fact]
    public async Task Run_SeveralInputsAndOutputs_AllArrive()
    {
        using OnnxModel model = TestModels.Load("two_in_two_out.onnx");
        using ModelRunner runner = model.Rent(2);
        for (int row = 0; row < 2; row++)
        {
            runner.GetInputs(row).Set<float>("b", [5, row]);
            runner.GetInputs(row).Set<float>("a", [1, 2, 3, 4]);
        }

        await runner.RunAsync();

        for (int row = 0; row < 2; row++)
        {
            runner.GetOutputs(row).Get<float>("sum").ToArray().Should().Equal(15 + row);
            runner.GetOutputs(row).Get<float>("concat").ToArray().Should().Equal(1, 2, 3, 4, 5, row);
        }
    }

    [Fact]
    public async Task Run_ScalarInput_NeedsNoShape()
    {
        using OnnxModel model = TestModels.Load("scalar_mixed.onnx");
        using ModelRunner runner = model.Rent();
        runner.GetInputs().Get<float>("threshold")[0] = 2.5f;
        runner.GetInputs().Set<float>("x", [1, 2, 3, 4, 9, 0, 2, 3], 2, 4);
        await runner.RunAsync();

        runner.GetOutputs().Get<float>("y").ToArray().Should().Equal(0, 0, 3, 4, 9, 0, 0, 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Run_SequenceOfMaps_MatchesTheReference(int batchSize)
    {
        using OnnxModel byNumber = TestModels.Load("sequence_map_int64.onnx");
        using OnnxModel byName = TestModels.Load("sequence_map_string.onnx");
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllText(TestModels.Path("sequence_map.reference.json")));
        foreach (JsonElement[] chunk in reference.RootElement.EnumerateArray().Chunk(batchSize))
        {
            using ModelRunner numbers = byNumber.Rent(chunk.Length);
            using ModelRunner names = byName.Rent(chunk.Length);
            for (int row = 0; row < chunk.Length; row++)
            {
                float[] x = chunk[row].GetProperty("x").Deserialize<float[]>()!;
                numbers.GetInputs(row).Set<float>("x", x);
                names.GetInputs(row).Set<float>("x", x);
            }

            await numbers.RunAsync();
            await names.RunAsync();
            for (int row = 0; row < chunk.Length; row++)
            {
                numbers.GetOutputs(row).Get<long>("label")[0].Should().Be(chunk[row].GetProperty("label_int64").GetInt64());
                names.GetOutputs(row).GetStrings("label")[0].Should().Be(chunk[row].GetProperty("label_string").GetString());
                foreach ((long key, float value) in numbers.GetOutputs(row).GetMap<long, float>("probabilities"))
                {
                    value.Should().BeApproximately(chunk[row].GetProperty("probabilities_int64").GetProperty($"{key}").GetSingle(), 1e-6f);
                }

                IReadOnlyDictionary<string, float> classes = names.GetOutputs(row).GetMap<string, float>("probabilities");
                classes.Should().HaveCount(3);
                foreach ((string key, float value) in classes)
                {
                    value.Should().BeApproximately(chunk[row].GetProperty("probabilities_string").GetProperty(key).GetSingle(), 1e-6f);
                }
            }
        }
    }

    [Fact]
    public async Task Run_OutputOfAnotherShapeThanPromised_IsRightAndWarnedOfOnce()
    {
        using var logs = new CollectingLoggerFactory();
        using OnnxModel model = TestModels.Load("mislabelled_output.onnx", o =>
        {
            o.LoggerFactory = logs;
            o.WarmUpRuns = 0;
        });
        for (int i = 0; i < 5; i++)
        {
            using ModelRunner first = model.Rent();
            using ModelRunner second = model.Rent();
            foreach (ModelRunner runner in new[] { first, second })
            {
                runner.GetInputs().Set<float>("x", [i, 2, 3], 3);
                await runner.RunAsync();
                runner.GetOutputs().Get<float>("y").ToArray().Should().Equal(i, 2, 3, i, 2, 3);
            }
        }

        logs.Entries.Count(static e => e.Level == LogLevel.Warning && e.Message.Contains("signature promises", StringComparison.Ordinal)).Should().Be(1);
    }

    [Theory]
    [InlineData("path")]
    [InlineData("bytes")]
    [InlineData("stream")]
    public async Task Load_WeightsOutsideTheModel_MatchTheReference(string from)
    {
        string path = TestModels.Path("external_data.onnx");
        var options = new OnnxModelOptions { ExternalDataFolder = from == "path" ? null : Path.GetDirectoryName(path) };
        using FileStream stream = File.OpenRead(path);
        using OnnxModel model = from switch
        {
            "path" => OnnxModel.Load(path, options),
            "bytes" => OnnxModel.Load(File.ReadAllBytes(path), options),
            _ => OnnxModel.Load(stream, options),
        };
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllText(TestModels.Path("external_data.reference.json")));
        foreach (JsonElement example in reference.RootElement.EnumerateArray())
        {
            using ModelRunner runner = model.Rent();
            runner.GetInputs().Set<float>("x", example.GetProperty("x").Deserialize<float[]>());
            await runner.RunAsync();
            float[] expected = example.GetProperty("y").Deserialize<float[]>()!;
            runner.GetOutputs().Get<float>("y").ToArray().Zip(expected, static (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(1e-5f);
        }
    }

    private static async Task<float[]> EmbedAsync(OnnxModel model, long[] ids)
    {
        using ModelRunner runner = model.Rent();
        runner.GetInputs().Set<long>("input_ids", ids, ids.Length);
        runner.GetInputs().Get<long>("attention_mask", ids.Length).Fill(1);
        await runner.RunAsync();
        return runner.GetOutputs().Get<float>("embedding").ToArray();
    }

    private static T[][] Rows<T>(JsonElement example, string name) => example.GetProperty(name).Deserialize<T[][]>()!;
}
