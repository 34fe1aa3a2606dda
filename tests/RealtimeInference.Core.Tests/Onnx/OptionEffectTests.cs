using Microsoft.Extensions.Logging;
using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

/// <summary>What single options do.</summary>
public sealed class OptionEffectTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_LibraryWithoutOperators_IsAFailedLoad()
    {
        string library = Path.Combine(_folder, "operators.so");
        File.WriteAllText(library, "no library");

        FluentActions.Invoking(() => TestModels.Load("mlp_30_64_32_1.onnx", o => o.CustomOperatorLibraries.Add(library)))
            .Should().Throw<ModelLoadException>().WithMessage("*an option was refused*operators.so*");
    }

    public static TheoryData<string> SpeedOptions => new(s_speedOptions.Keys);

    // None of these may change a result.
    private static readonly Dictionary<string, Action<OnnxModelOptions>> s_speedOptions = new()
    {
        ["threads"] = static o => o.IntraOpThreads = 2,
        ["spinning"] = static o => o.AllowSpinning = true,
        ["no spinning"] = static o => o.AllowSpinning = false,
        ["parallel"] = static o => (o.RunOperatorsInParallel, o.InterOpThreads) = (true, 2),
        ["no arena"] = static o => o.UseMemoryArena = false,
        ["no pattern"] = static o => o.UseMemoryPattern = false,
        ["no warm-up"] = static o => o.WarmUpRuns = 0,
        ["warm-ups"] = static o => o.WarmUpRuns = 3,
        ["none"] = static o => o.GraphOptimization = GraphOptimization.None,
        ["basic"] = static o => o.GraphOptimization = GraphOptimization.Basic,
        ["extended"] = static o => o.GraphOptimization = GraphOptimization.Extended,
        ["configuration"] = static o => o.SessionConfiguration["session.disable_prepacking"] = "1",
    };

    [Theory]
    [MemberData(nameof(SpeedOptions))]
    public async Task Load_OptionForSpeed_KeepsTheResult(string option)
    {
        using OnnxModel plain = TestModels.Load("mlp_30_64_32_1.onnx");
        using OnnxModel model = TestModels.Load("mlp_30_64_32_1.onnx", s_speedOptions[option]);

        (await Score(model)).Should().BeApproximately(await Score(plain), 1e-6f);
    }

    [Fact]
    public void GraphOptimization_NoneAndAll_LeaveDifferentGraphs()
    {
        string all = Path.Combine(_folder, "mlp-all.onnx");
        string none = Path.Combine(_folder, "mlp-none.onnx");
        TestModels.Load("mlp_30_64_32_1.onnx", o => o.OptimizedModelPath = all).Dispose();
        TestModels.Load("mlp_30_64_32_1.onnx", o => (o.OptimizedModelPath, o.GraphOptimization) = (none, GraphOptimization.None)).Dispose();
        File.ReadAllText(all).Should().Contain("FusedGemm");
        File.ReadAllText(none).Should().NotContain("FusedGemm");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void MaxIdleRunners_MoreComeBack_KeepsThatMany(int count)
    {
        using OnnxModel model = TestModels.Load("mlp_30_64_32_1.onnx", o => o.MaxIdleRunners = count);
        ModelRunner[] runners = [.. Enumerable.Range(0, 5).Select(_ => model.Rent())];
        model.RunnerCount.Should().Be(5);

        foreach (ModelRunner runner in runners)
        {
            runner.Dispose();
        }

        model.RunnerCount.Should().Be(count);
    }

    [Fact]
    public void WarmUpShapes_ThatDiffer_FailTheLoad() =>
        FluentActions.Invoking(static () => TestModels.Load("variable_length.onnx", static o => o.WarmUpShapes["input_ids"] = [3]))
            .Should().Throw<ModelLoadException>().WithMessage("*its warm-up failed*'seq'*").WithInnerException<TensorMismatchException>();

    [Fact]
    public void WarmUpShapes_OfAnInputWithFixedShape_AreChecked() =>
        FluentActions.Invoking(static () => TestModels.Load("static_shape.onnx", static o => o.WarmUpShapes["x"] = [2, 4]))
            .Should().Throw<ModelLoadException>().WithMessage("*its warm-up failed*");

    [Fact]
    public async Task WarmUp_InferredAndFailing_IsAWarning()
    {
        using var log = new CollectingLoggerFactory();

        using OnnxModel model = OnnxModel.Load(HandmadeModels.FailsOnOne, new OnnxModelOptions { LoggerFactory = log });

        log.Entries.Should().ContainSingle(static e => e.Level == LogLevel.Warning && e.Message.Contains("Declare WarmUpShapes", StringComparison.Ordinal));
        using ModelRunner runner = model.Rent();
        runner.GetInputs().Get<float>("x", 7).Fill(1);
        await runner.RunAsync();
        runner.GetOutputs().Get<float>("y").ToArray().Should().Equal(1, 1, 1, 1, 1, 1, 1);
    }

    [Fact]
    public void WarmUp_DeclaredAndFailingInside_FailsTheLoad() =>
        FluentActions.Invoking(static () => OnnxModel.Load(HandmadeModels.FailsOnOne, new OnnxModelOptions { WarmUpShapes = { ["x"] = [6] } }))
            .Should().Throw<ModelLoadException>().WithMessage("*its warm-up failed*").WithInnerException<ModelRunException>();

    [Fact]
    public void WarmUp_DeclaredAndFitting_Loads() =>
        OnnxModel.Load(HandmadeModels.FailsOnOne, new OnnxModelOptions { WarmUpShapes = { ["x"] = [7] } }).Dispose();

    private static async Task<float> Score(OnnxModel model)
    {
        using ModelRunner runner = model.Rent();
        Span<float> features = runner.GetInputs().Get<float>("features");
        for (int i = 0; i < features.Length; i++)
        {
            features[i] = (i % 5) - 2;
        }

        await runner.RunAsync();
        return runner.GetOutputs().Get<float>("score")[0];
    }
}
