using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Models;

/// <summary>What a model says of its inputs and outputs.</summary>
public sealed class SignatureTests
{
    [Theory]
    [InlineData("mlp_30_64_32_1.onnx", "(features: float [batch, 30]) -> (score: float [batch, 1])", true)]
    [InlineData("two_in_two_out.onnx", "(a: float [batch, 4], b: float [batch, 2]) -> (sum: float [batch, 1], concat: float [batch, 6])", true)]
    [InlineData("non_zero.onnx", "(x: float [n]) -> (indices: long [1, k])", false)]
    [InlineData("optional_input.onnx", "(x: float [batch, 3], bias: float [3] (optional)) -> (y: float [batch, 3])", false)]
    [InlineData("optional_type.onnx", "(maybe: float [2] (optional), x: float [2]) -> (y: float [2])", false)]
    [InlineData("sequence_map_int64.onnx", "(x: float [N, 4]) -> (label: long [N], probabilities: sequence of maps from long to float)", true)]
    [InlineData("sequence_map_string.onnx", "(x: float [N, 4]) -> (label: string [N], probabilities: sequence of maps from string to float)", true)]
    [InlineData("external_data.onnx", "(x: float [batch, 8]) -> (y: float [batch, 4])", true)]
    [InlineData("static_shape.onnx", "(x: float [2, 3]) -> (y: float [2, 3])", false)]
    [InlineData("scalar_mixed.onnx", "(x: float [N, 4], threshold: float []) -> (y: float [N, 4])", false)]
    [InlineData("variable_length.onnx", "(input_ids: long [batch, seq], attention_mask: long [batch, seq]) -> (embedding: float [batch, 8], last_hidden_state: float [batch, seq, 8])", true)]
    [InlineData("mislabelled_output.onnx", "(x: float [batch, width]) -> (y: float [batch, width])", true)]
    [InlineData("slow.onnx", "(steps: long []) -> (y: float [])", false)]
    [InlineData("failing.onnx", "(x: long [N]) -> (y: float [N])", true)]
    [InlineData("free_dims.onnx", "(x: float [rows, cols]) -> (y: float [rows, cols])", true)]
    public void Load_Model_ReadsItsSignature(string file, string signature, bool hasBatchDimension)
    {
        using OnnxModel model = TestModels.Load(file, static o => o.WarmUpRuns = 0);

        model.Signature.ToString().Should().Be(signature);
        model.Signature.HasBatchDimension.Should().Be(hasBatchDimension);
    }

    [Fact]
    public void Dimensions_FreeAndFixed_AreToldApart()
    {
        using OnnxModel model = TestModels.Load("mlp_30_64_32_1.onnx");

        model.Signature.GetInput("features").Dimensions.Should().Equal(TensorDimension.Free("batch"), TensorDimension.Fixed(30));
    }

    [Fact]
    public void SequenceOfMaps_Output_SaysItsKindAndKeys()
    {
        using OnnxModel model = TestModels.Load("sequence_map_string.onnx");

        TensorSpec probabilities = model.Signature.GetOutput("probabilities");
        probabilities.Kind.Should().Be(TensorKind.SequenceOfMaps);
        probabilities.MapKeyType.Should().Be(TensorElementType.String);
        probabilities.ElementType.Should().Be(TensorElementType.Float32);
        probabilities.Dimensions.Should().BeEmpty();
        model.Signature.GetOutput("label").MapKeyType.Should().BeNull();
    }

    [Fact]
    public void GetInput_UnknownName_NamesTheKnownOnes()
    {
        using OnnxModel model = TestModels.Load("two_in_two_out.onnx");

        model.Signature.Invoking(static s => s.GetInput("A")).Should().Throw<TensorMismatchException>()
            .WithMessage("*no input 'A'*'a', 'b'*").Which.TensorName.Should().Be("A");
        model.Signature.Invoking(static s => s.GetOutput("a")).Should().Throw<TensorMismatchException>().WithMessage("*no output 'a'*'sum', 'concat'*");
    }

    [Fact]
    public void FreeDimensionOverrides_AllDimensions_FixesThem()
    {
        using OnnxModel model = TestModels.Load("free_dims.onnx", static o =>
        {
            o.FreeDimensionOverrides["rows"] = 2;
            o.FreeDimensionOverrides["cols"] = 3;
        });

        model.Signature.ToString().Should().Be("(x: float [2, 3]) -> (y: float [2, 3])");
        model.Signature.HasBatchDimension.Should().BeFalse();
    }

    [Fact]
    public async Task FreeDimensionOverrides_OneDimension_LeavesTheBatchFree()
    {
        using OnnxModel model = TestModels.Load("free_dims.onnx", static o => o.FreeDimensionOverrides["cols"] = 3);
        model.Signature.ToString().Should().Be("(x: float [rows, 3]) -> (y: float [rows, 3])");

        using ModelRunner runner = model.Rent(2);
        runner.GetInputs(0).Set<float>("x", [1, -1, 2]);
        runner.GetInputs(1).Set<float>("x", [-3, 4, 0]);
        await runner.RunAsync();

        runner.GetOutputs(0).Get<float>("y").ToArray().Should().Equal(1, 0, 2);
        runner.GetOutputs(1).Get<float>("y").ToArray().Should().Equal(0, 4, 0);
    }

    [Fact]
    public async Task BatchDimension_None_GivesTheEncoderEveryDimension()
    {
        using OnnxModel model = TestModels.Load("free_dims.onnx", static o => o.BatchDimension = BatchDimension.None);
        model.Signature.HasBatchDimension.Should().BeFalse();
        model.Invoking(static m => m.Rent(2)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*one example a run*");

        using ModelRunner runner = model.Rent();
        runner.GetInputs().Set<float>("x", [1, -2, 3, -4], 2, 2);
        await runner.RunAsync();

        runner.GetOutputs().GetShape("y").ToArray().Should().Equal(2, 2);
        runner.GetOutputs().Get<float>("y").ToArray().Should().Equal(1, 0, 3, 0);
    }

    [Theory]
    [InlineData("static_shape.onnx", "x")]
    [InlineData("scalar_mixed.onnx", "threshold")]
    [InlineData("slow.onnx", "steps")]
    public void BatchDimension_FirstWhereImpossible_NamesTheInput(string file, string input)
    {
        Action load = () => TestModels.Load(file, static o => o.BatchDimension = BatchDimension.First).Dispose();

        load.Should().Throw<ModelLoadException>().WithMessage($"*cannot take batches*'{input}: *Auto*None*");
    }

    [Fact]
    public void BatchDimension_FirstWhereTheNamesDiffer_IsTaken()
    {
        using OnnxModel model = TestModels.Load("non_zero.onnx", static o => o.BatchDimension = BatchDimension.First);

        model.Signature.HasBatchDimension.Should().BeTrue();
    }

    [Fact]
    public void Metadata_Model_IsRead()
    {
        using OnnxModel model = TestModels.Load("mlp_30_64_32_1.onnx");

        model.Signature.Metadata.Producer.Should().Be("make.py");
        model.Signature.Metadata.GraphName.Should().Be("mlp_30_64_32_1");
    }
}
