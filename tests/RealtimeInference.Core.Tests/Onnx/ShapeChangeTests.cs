using Microsoft.Extensions.Logging;
using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

/// <summary>Shapes that change on one runner, with the runners counted.</summary>
public sealed class ShapeChangeTests
{
    [Fact]
    public async Task OptionalInput_GivenAndLeftOut_OnOneRunner()
    {
        using OnnxModel model = TestModels.Load("optional_input.onnx");
        for (int i = 0; i < 6; i++)
        {
            using ModelRunner runner = model.Rent();
            runner.GetInputs().Set<float>("x", [i, 1, 2], 1, 3);
            if (i % 2 == 0)
            {
                runner.GetInputs().Set<float>("bias", [100, 100, i]);
            }

            await runner.RunAsync();

            float[] expected = i % 2 == 0 ? [i + 100, 101, 2 + i] : [i + 10, 21, 32];
            runner.GetOutputs().Get<float>("y").ToArray().Should().Equal(expected);
        }

        model.RunnerCount.Should().Be(1);
    }

    [Fact]
    public async Task StaticShape_Run_IsRight()
    {
        using OnnxModel model = TestModels.Load("static_shape.onnx");
        using ModelRunner runner = model.Rent();
        runner.GetInputs().Set<float>("x", [1, 2, 3, 4, 5, 6]);

        await runner.RunAsync();

        runner.GetOutputs().Get<float>("y").ToArray().Should().Equal(2, 4, 6, 8, 10, 12);
    }

    [Fact]
    public async Task DataDependentOutput_AnySize_AlsoEmpty()
    {
        using OnnxModel model = TestModels.Load("non_zero.onnx");
        foreach (float[] values in new float[][] { [0, 1, 0, 2], [0, 0], [3], [], [1, 1, 1, 1, 1, 1, 1, 1, 1], [0] })
        {
            using ModelRunner runner = model.Rent();
            runner.GetInputs().Set<float>("x", values, values.Length);
            await runner.RunAsync();

            long[] expected = [.. values.Index().Where(static v => v.Item != 0).Select(static v => (long)v.Index)];
            runner.GetOutputs().Get<long>("indices").ToArray().Should().Equal(expected);
            runner.GetOutputs().GetShape("indices").ToArray().Should().Equal(1, expected.Length);
        }
    }

    [Fact]
    public async Task VariableLength_ManyShapesOnOneRunner_AsOnAFreshModel()
    {
        using OnnxModel model = TestModels.Load("variable_length.onnx");

        // Growing, shrinking and alternating: bindings are evicted and found again, and buffers move.
        int[] lengths = [1, 2, 1, 3, 2, 1, 40, 3, 1, 40, 300, 2, 300, 40, 1];
        for (int i = 0; i < lengths.Length; i++)
        {
            int batchSize = (i % 3) + 1;
            float[] expected;
            using (OnnxModel fresh = TestModels.Load("variable_length.onnx", static o => o.WarmUpRuns = 0))
            {
                expected = await Embed(fresh, lengths[i], batchSize);
            }

            (await Embed(model, lengths[i], batchSize)).Should().Equal(expected, "run {0} of length {1}", i, lengths[i]);
        }

        model.RunnerCount.Should().Be(1);
    }

    [Fact]
    public async Task VariableLength_RowOfABatch_EqualsTheRowAlone()
    {
        using OnnxModel model = TestModels.Load("variable_length.onnx");
        float[] batch = await Embed(model, 9, 3);
        float[] alone = await Embed(model, 9, 1);

        // The first row has the same ids in both; its values are the first 8 of the embedding and 72 of the states.
        batch.Take(80).Should().Equal(alone, static (x, y) => Math.Abs(x - y) < 1e-6f);
    }

    [Fact]
    public async Task MislabelledOutput_Runs_AreRightAndWarnOnce()
    {
        using var log = new CollectingLoggerFactory();
        using OnnxModel model = TestModels.Load("mislabelled_output.onnx", o =>
        {
            o.LoggerFactory = log;
            o.WarmUpRuns = 0;
        });
        using ModelRunner other = model.Rent();
        for (int i = 1; i < 6; i++)
        {
            using ModelRunner runner = model.Rent();
            float[] row = [.. Enumerable.Range(i, i).Select(static v => (float)v)];
            runner.GetInputs().Set<float>("x", row, i);
            await runner.RunAsync();
            runner.GetOutputs().Get<float>("y").ToArray().Should().Equal([.. row, .. row]);
            runner.GetOutputs().GetShape("y").ToArray().Should().Equal(2 * i);
        }

        other.GetInputs().Set<float>("x", [1, 2], 2);
        await other.RunAsync();
        other.GetOutputs().Get<float>("y").ToArray().Should().Equal(1, 2, 1, 2);
        log.Entries.Should().ContainSingle(static e => e.Level == LogLevel.Warning && e.Message.Contains("signature promises", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TreatAsDeviceMemory_NewValuesInTheSameShape_AreCopied()
    {
        using OnnxModel model = TestModels.Load("optional_input.onnx", static o => o.TreatAsDeviceMemory = true);
        using ModelRunner runner = model.Rent();
        foreach (float value in new[] { 1f, 2f, 3f })
        {
            runner.GetInputs().Set<float>("x", [value, value, value], 1, 3);
            await runner.RunAsync();
            runner.GetOutputs().Get<float>("y").ToArray().Should().Equal(value + 10, value + 20, value + 30);
        }
    }

    [Fact]
    public async Task ScalarOfStrings_Run_GivesItBack()
    {
        using OnnxModel model = OnnxModel.Load(HandmadeModels.ScalarString);
        model.Signature.ToString().Should().Be("(x: string []) -> (y: string [])");
        foreach (string text in new[] { "first", "", "zweite ä" })
        {
            using ModelRunner runner = model.Rent();
            runner.GetInputs().SetStrings("x", text);
            await runner.RunAsync();
            runner.GetOutputs().GetStrings("y").ToArray().Should().Equal(text);
        }
    }

    [Fact]
    public void ScalarOfStrings_Buffer_HoldsOne()
    {
        var buffer = new TensorBuffer(new TensorSpec("s", TensorElementType.String, []), hasBatchDimension: false);

        buffer.Allocate([]);

        buffer.Strings.Length.Should().Be(1);
    }

    private static async Task<float[]> Embed(OnnxModel model, int length, int batchSize)
    {
        using ModelRunner runner = model.Rent(batchSize);
        for (int row = 0; row < batchSize; row++)
        {
            runner.GetInputs(row).Set<long>("input_ids", [.. Enumerable.Range(row, length).Select(static i => i % 50L)], length);
            runner.GetInputs(row).Get<long>("attention_mask", length).Fill(1);
        }

        await runner.RunAsync();
        var all = new List<float>();
        for (int row = 0; row < batchSize; row++)
        {
            all.AddRange(runner.GetOutputs(row).Get<float>("embedding"));
            all.AddRange(runner.GetOutputs(row).Get<float>("last_hidden_state"));
        }

        return [.. all];
    }
}
