using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

/// <summary>After a fault the same runner and model go on.</summary>
public sealed class RunRecoveryTests
{
    [Fact]
    public void Input_StringsForNumbersAndBack_AreRefused()
    {
        Writing("mlp_30_64_32_1.onnx", static i => Void(i, static x => x.SetStrings("features", "a")));
        Writing("identity_string.onnx", static i => i.Get<float>("x").Length).WithMessage("*methods for strings*");
    }

    [Fact]
    public void Input_WrongCount_SaysBothCounts()
    {
        Writing("mlp_30_64_32_1.onnx", static i => Void(i, static x => x.Set<float>("features", new float[29])))
            .WithMessage("*30 values*29*");
        Writing("identity_string.onnx", static i => Void(i, static x => x.SetStrings("x", "a", "b"))).WithMessage("*3 values*2*");
    }

    [Fact]
    public async Task Run_InputNotWritten_NamesIt()
    {
        using OnnxModel model = TestModels.Load("two_in_two_out.onnx");
        using ModelRunner runner = model.Rent();
        runner.GetInputs().Set<float>("a", [1, 2, 3, 4]);

        (await runner.Awaiting(static r => r.RunAsync().AsTask()).Should().ThrowAsync<TensorMismatchException>().WithMessage("*wrote nothing to 'b: *"))
            .Which.TensorName.Should().Be("b");

        // The same runner goes on once the input is there.
        runner.GetInputs().Set<float>("b", [5, 6]);
        await runner.RunAsync();
        runner.GetOutputs().Get<float>("sum")[0].Should().Be(21);
    }

    [Fact]
    public async Task Run_FreeDimensionsDiffer_NamesBothInputs()
    {
        using OnnxModel model = TestModels.Load("variable_length.onnx");
        using (ModelRunner runner = model.Rent())
        {
            runner.GetInputs().Get<long>("input_ids", 3).Fill(1);
            runner.GetInputs().Get<long>("attention_mask", 4).Fill(1);

            await runner.Awaiting(static r => r.RunAsync().AsTask()).Should().ThrowAsync<TensorMismatchException>()
                .WithMessage("*'seq'*3 in 'input_ids*4 in 'attention_mask*");
        }

        using ModelRunner next = model.Rent();
        next.GetInputs().Get<long>("input_ids", 4).Fill(1);
        next.GetInputs().Get<long>("attention_mask", 4).Fill(1);
        await next.RunAsync();
        next.GetOutputs().GetShape("last_hidden_state").ToArray().Should().Equal(4, 8);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Rent_NoExamples_IsRefusedAndKeepsTheRunner(int batchSize)
    {
        using OnnxModel model = TestModels.Load("mlp_30_64_32_1.onnx");

        model.Invoking(m => m.Rent(batchSize)).Should().Throw<ArgumentOutOfRangeException>();

        model.RunnerCount.Should().Be(1);
    }

    [Fact]
    public async Task Run_FailsInside_TheModelGoesOn()
    {
        using OnnxModel model = TestModels.Load("failing.onnx", static o => (o.Name, o.Version) = ("f", "7"));
        for (int i = 0; i < 200; i++)
        {
            using (ModelRunner failing = model.Rent(2))
            {
                failing.GetInputs(0).Set<long>("x", [0]);
                failing.GetInputs(1).Set<long>("x", [99]);
                ModelRunException exception = (await failing.Awaiting(static r => r.RunAsync().AsTask()).Should().ThrowAsync<ModelRunException>()).Which;
                exception.ModelName.Should().Be("f");
                exception.ModelVersion.Should().Be("7");
                exception.Message.Should().Contain("x [2]");
            }

            using ModelRunner runner = model.Rent(2);
            runner.GetInputs(0).Set<long>("x", [1]);
            runner.GetInputs(1).Set<long>("x", [-1]);
            await runner.RunAsync();
            runner.GetOutputs(0).Get<float>("y")[0].Should().Be(2);
            runner.GetOutputs(1).Get<float>("y")[0].Should().Be(4);
        }

        model.RunnerCount.Should().Be(1);
    }

    [Fact]
    public async Task Run_OutputThatDoesNotCountTheExamples_SaysSo()
    {
        using OnnxModel model = TestModels.Load("non_zero.onnx", static o => o.BatchDimension = BatchDimension.First);
        using ModelRunner runner = model.Rent(2);
        runner.GetInputs(0).Set<float>("x", [1]);
        runner.GetInputs(1).Set<float>("x", [1]);
        await runner.RunAsync();

        runner.Invoking(static r => r.GetOutputs(1).Get<long>("indices").Length).Should().Throw<TensorMismatchException>()
            .WithMessage("*first dimension does not count them*None*");
    }

    private delegate int Write(InputTensors inputs);

    private delegate void WriteNothing(InputTensors inputs);

    private static int Void(InputTensors inputs, WriteNothing write)
    {
        write(inputs);
        return 0;
    }

    private static FluentAssertions.Specialized.ExceptionAssertions<TensorMismatchException> Writing(string file, Write write)
    {
        using OnnxModel model = TestModels.Load(file);
        using ModelRunner runner = model.Rent();
        Action act = () => write(runner.GetInputs());
        return act.Should().Throw<TensorMismatchException>();
    }
}
