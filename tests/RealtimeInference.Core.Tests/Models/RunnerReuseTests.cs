namespace RealtimeInference.Core.Tests.Models;

/// <summary>What one run leaves behind must never reach another.</summary>
public sealed class RunnerReuseTests
{
    private static readonly string s_path = Path.Combine(AppContext.BaseDirectory, "models", "identity_float.onnx");

    [Fact]
    public void Dispose_Twice_GivesTheRunnerBackOnce()
    {
        using OnnxModel model = OnnxModel.Load(s_path);
        ModelRunner runner = model.Rent();
        runner.Dispose();
        runner.Dispose();

        using ModelRunner first = model.Rent();
        using ModelRunner second = model.Rent();

        second.Should().NotBeSameAs(first);
    }

    [Fact]
    public void GetInputs_AfterDispose_IsRefused()
    {
        using OnnxModel model = OnnxModel.Load(s_path);
        ModelRunner runner = model.Rent();
        runner.Dispose();

        runner.Invoking(r => r.GetInputs()).Should().Throw<ObjectDisposedException>();
        runner.Invoking(r => r.GetOutputs()).Should().Throw<ObjectDisposedException>();
        runner.Invoking(r => r.RunAsync()).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void GetInputs_RowOutsideTheBatch_IsRefused()
    {
        using OnnxModel model = OnnxModel.Load(s_path);
        using ModelRunner runner = model.Rent(2);

        runner.Invoking(r => r.GetInputs(2)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*2 examples*");
        runner.Invoking(r => r.GetInputs(-1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public async Task Run_RowLeftOut_IsZeroAndNotWhatAnEarlierRunLeft()
    {
        using OnnxModel model = OnnxModel.Load(s_path);
        using (ModelRunner earlier = model.Rent(2))
        {
            earlier.GetInputs(0).Get<float>("x").Fill(1);
            earlier.GetInputs(1).Get<float>("x").Fill(2);
            await earlier.RunAsync();
            earlier.GetOutputs(1).Get<float>("y").ToArray().Should().Equal(2, 2, 2);
        }

        using ModelRunner later = model.Rent(2);
        later.GetInputs(0).Get<float>("x").Fill(3);
        await later.RunAsync();

        later.GetOutputs(0).Get<float>("y").ToArray().Should().Equal(3, 3, 3);
        later.GetOutputs(1).Get<float>("y").ToArray().Should().Equal(0, 0, 0);
    }

    [Fact]
    public async Task Validate_ValidatorThatThrows_LeavesNoFaultForTheNextInput()
    {
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Validate((x, faults) =>
            {
                if (x < 0)
                {
                    faults.Add("x", "is negative");
                    throw new FormatException("a fault of the validator's own");
                }
            })
            .Build();

        await predictor.Awaiting(p => p.PredictAsync(-1).AsTask()).Should().ThrowAsync<FormatException>();

        (await predictor.PredictAsync(1)).Should().Be(1);
    }
}
