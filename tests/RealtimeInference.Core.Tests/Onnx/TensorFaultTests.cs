using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

/// <summary>What does not fit is refused in words, and nothing else is harmed.</summary>
public sealed class TensorFaultTests : IDisposable
{
    private readonly OnnxModel _two = TestModels.Load("two_in_two_out.onnx");
    private readonly OnnxModel _text = TestModels.Load("variable_length.onnx");

    [Fact]
    public async Task Encode_WrongName_ListsTheInputs()
    {
        TensorMismatchException exception = await FailAsync(_two, static inputs => inputs.Get<float>("A"));

        exception.TensorName.Should().Be("A");
        exception.Message.Should().ContainAll("no input 'A'", "'a', 'b'", "case-sensitive");
    }

    [Fact]
    public async Task Encode_WrongElementType_NamesTheRightOne()
    {
        TensorMismatchException exception = await FailAsync(_two, static inputs => inputs.Get<double>("a"));

        (exception.Expected, exception.Found).Should().Be(("float", "Double"));
        exception.Message.Should().Contain("Use <float>");
        (await FailAsync(_two, static inputs => inputs.SetStrings("a", "x"))).Expected.Should().Be("float");
    }

    [Fact]
    public async Task Encode_WrongRankDimensionOrCount_SaysBoth()
    {
        (await FailAsync(_two, static inputs => inputs.Get<float>("a", 1, 4))).Message.Should().ContainAll("[1, 4]", "rank 2", "[4]", "counts the examples");
        (await FailAsync(_two, static inputs => inputs.Get<float>("a", 5))).Message.Should().ContainAll("[5]", "[4]", "dimension 0 is 5");
        (await FailAsync(_text, static inputs => inputs.Get<long>("input_ids", -1))).Message.Should().Contain("cannot be negative");
        TensorMismatchException count = await FailAsync(_two, static inputs => inputs.Set<float>("a", [1, 2, 3]));
        (count.Expected, count.Found).Should().Be(("4 values", "3 values"));
    }

    [Fact]
    public async Task Encode_FreeDimensions_NeedsAShapeAndOneLengthForAName()
    {
        (await FailAsync(_text, static inputs => inputs.Get<long>("input_ids"))).Message.Should().ContainAll("free dimensions", "[seq]");
        (await FailAsync(_text, static inputs =>
        {
            inputs.Get<long>("input_ids", 3);
            inputs.Get<long>("attention_mask", 4);
        })).Message.Should().ContainAll("'seq'", "3", "4", "attention_mask");
    }

    [Fact]
    public async Task Encode_InputLeftOut_IsNamed() =>
        (await FailAsync(_two, static inputs => inputs.Get<float>("a"))).Message.Should().ContainAll("wrote nothing", "'b: float [batch, 2]'");

    [Fact]
    public void GetInputs_RowsOfDifferentShape_AreRefused()
    {
        using ModelRunner runner = _text.Rent(2);
        runner.GetInputs(0).Get<long>("input_ids", 3);

        runner.Invoking(r => r.GetInputs(1).Get<long>("input_ids", 4).Length).Should().Throw<TensorMismatchException>().WithMessage("*[4]*[2, 3]*");
    }

    [Fact]
    public async Task Decode_WrongNameOrType_IsRefused()
    {
        IPredictor<int, float> wrongName = Build(static (_, outputs) => outputs.Get<float>("total")[0]);
        IPredictor<int, float> wrongType = Build(static (_, outputs) => outputs.Get<long>("sum")[0]);
        IPredictor<int, float> noMap = Build(static (_, outputs) => outputs.GetMap<string, float>("sum").Count);

        (await wrongName.Awaiting(p => p.PredictAsync(1).AsTask()).Should().ThrowAsync<TensorMismatchException>()).WithMessage("*no output 'total'*'sum', 'concat'*");
        (await wrongType.Awaiting(p => p.PredictAsync(1).AsTask()).Should().ThrowAsync<TensorMismatchException>()).WithMessage("*'sum' holds float, not Int64*");
        (await noMap.Awaiting(p => p.PredictAsync(1).AsTask()).Should().ThrowAsync<TensorMismatchException>()).WithMessage("*'sum' holds float, not a map*");

        IPredictor<int, float> Build(OutputDecoding<int, float> decode) => Predictor.For<int>()
            .Preprocess(static (_, inputs) =>
            {
                inputs.Get<float>("a").Fill(1);
                inputs.Get<float>("b").Fill(1);
            })
            .Run(_two)
            .Postprocess(decode)
            .Build();
    }

    [Fact]
    public async Task Run_FailsInside_IsTypedAndTheModelGoesOn()
    {
        using OnnxModel model = TestModels.Load("failing.onnx", static o => o.Version = "3");
        IPredictor<long, float> predictor = Predictor.For<long>()
            .Preprocess(static (x, inputs) => inputs.Set<long>("x", [x]))
            .Run(model)
            .Postprocess(static (_, outputs) => outputs.Get<float>("y")[0])
            .Build();
        float good = await predictor.PredictAsync(1);

        for (int i = 0; i < 50; i++)
        {
            ModelRunException exception = (await predictor.Awaiting(p => p.PredictAsync(99).AsTask()).Should().ThrowAsync<ModelRunException>()).Which;
            (exception.ModelName, exception.ModelVersion).Should().Be(("failing", "3"));
            exception.Message.Should().ContainAll("Gather", "out of data bounds", "x [1]");
        }

        (await predictor.PredictAsync(1)).Should().Be(good);

        // One runner served them all: none was lost on the way.
        using ModelRunner first = model.Rent();
        first.Dispose();
        model.Rent().Should().BeSameAs(first);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Rent_NoExamples_IsRefused(int batchSize) =>
        _two.Invoking(m => m.Rent(batchSize)).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void Rent_BatchOfAModelWithout_IsRefused()
    {
        using OnnxModel model = TestModels.Load("static_shape.onnx");
        model.Invoking(m => m.Rent(2)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*one example a run*");
        using ModelRunner runner = model.Rent();
        runner.BatchSize.Should().Be(1);
    }

    public void Dispose()
    {
        _two.Dispose();
        _text.Dispose();
    }

    private delegate void Write(InputTensors inputs);

    private static async Task<TensorMismatchException> FailAsync(OnnxModel model, Write write)
    {
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Preprocess((_, inputs) => write(inputs))
            .Run(model)
            .Postprocess(static (_, _) => 1)
            .Build();
        return (await predictor.Awaiting(p => p.PredictAsync(0).AsTask()).Should().ThrowAsync<TensorMismatchException>()).Which;
    }
}
