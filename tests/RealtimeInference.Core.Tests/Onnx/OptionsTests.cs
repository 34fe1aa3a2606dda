using Microsoft.Extensions.Logging;
using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

/// <summary>Every option has an effect, or a fault that says what is wrong with it.</summary>
public sealed class OptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("options").FullName;

    public static TheoryData<string, Action<OnnxModelOptions>> Harmless => new()
    {
        { "threads", static o => (o.IntraOpThreads, o.InterOpThreads, o.RunOperatorsInParallel) = (2, 2, true) },
        { "spinning", static o => o.AllowSpinning = false },
        { "no optimisation", static o => o.GraphOptimization = GraphOptimization.None },
        { "basic optimisation", static o => o.GraphOptimization = GraphOptimization.Basic },
        { "extended optimisation", static o => o.GraphOptimization = GraphOptimization.Extended },
        { "memory", static o => (o.UseMemoryArena, o.UseMemoryPattern) = (false, false) },
        { "session entries", static o => o.SessionConfiguration["session.set_denormal_as_zero"] = "1" },
        { "no warm-up", static o => o.WarmUpRuns = 0 },
        { "device memory", static o => o.TreatAsDeviceMemory = true },
    };

    [Theory]
    [MemberData(nameof(Harmless))]
    public async Task Load_OptionThatChangesHowItRuns_DoesNotChangeTheAnswer(string name, Action<OnnxModelOptions> configure)
    {
        name.Should().NotBeEmpty();
        using OnnxModel plain = TestModels.Load("mlp_30_64_32_1.onnx");
        using OnnxModel changed = TestModels.Load("mlp_30_64_32_1.onnx", configure);

        (await ScoreAsync(changed)).Should().BeApproximately(await ScoreAsync(plain), 1e-6f);
    }

    [Fact]
    public void GetFaults_ManyAtOnce_AreAllNamed()
    {
        var options = new OnnxModelOptions
        {
            ExecutionProviders = [ExecutionProvider.Cpu, ExecutionProvider.Cpu],
            IntraOpThreads = 0,
            MaxIdleRunners = 0,
            WarmUpRuns = -1,
            InterOpThreads = 2,
            UseSharedThreadPool = true,
            FreeDimensionOverrides = { ["batch"] = 0 },
            CustomOperatorLibraries = { "none.so" },
        };

        FluentActions.Invoking(() => OnnxModel.Load(TestModels.Path("mlp_30_64_32_1.onnx"), options)).Should().Throw<ArgumentException>()
            .Which.Message.Should().ContainAll(
                "names 2 providers", "IntraOpThreads is 0", "MaxIdleRunners is 0", "WarmUpRuns is -1", "InterOpThreads has no effect", "would have no effect", "'batch' to 0", "'none.so'");
        FluentActions.Invoking(() => TestModels.Load("mlp_30_64_32_1.onnx", static o => (o.WarmUpRuns, o.WarmUpShapes["features"]) = (0, [30])))
            .Should().Throw<ArgumentException>().WithMessage("*WarmUpShapes have no effect*");
        FluentActions.Invoking(() => TestModels.Load("mlp_30_64_32_1.onnx", static o => o.ExecutionProviders = []))
            .Should().Throw<ArgumentException>().WithMessage("*is empty*");
    }

    [Fact]
    public void CustomOperatorLibraries_FileThatIsNone_IsRefused()
    {
        string library = Path.Combine(_folder, "operators.so");
        File.WriteAllText(library, "no library");

        FluentActions.Invoking(() => TestModels.Load("mlp_30_64_32_1.onnx", o => o.CustomOperatorLibraries = [library]))
            .Should().Throw<ModelLoadException>().WithMessage("*an option was refused*operators.so*");
    }

    [Fact]
    public async Task OptimizedModelPath_Set_WritesAModelThatLoads()
    {
        string path = Path.Combine(_folder, "optimised.onnx");
        using OnnxModel model = TestModels.Load("mlp_30_64_32_1.onnx", o => (o.OptimizedModelPath, o.GraphOptimization) = (path, GraphOptimization.Basic));
        using OnnxModel again = OnnxModel.Load(path);

        (await ScoreAsync(again)).Should().BeApproximately(await ScoreAsync(model), 1e-6f);
    }

    [Fact]
    public void ProfileOutputPrefix_Set_WritesTheProfileOnDisposal()
    {
        using (TestModels.Load("mlp_30_64_32_1.onnx", o => o.ProfileOutputPrefix = Path.Combine(_folder, "profile")))
        {
        }

        File.ReadAllText(Directory.GetFiles(_folder, "profile*.json").Should().ContainSingle().Which).Should().Contain("Gemm");
    }

    [Fact]
    public void FreeDimensionOverrides_Set_FixTheSignature()
    {
        using OnnxModel model = TestModels.Load("free_dims.onnx", static o => o.FreeDimensionOverrides["cols"] = 4);

        model.Signature.Inputs[0].ToString().Should().Be("x: float [rows, 4]");
        using ModelRunner runner = model.Rent(2);
        runner.GetInputs(1).Get<float>("x").Length.Should().Be(4, "no shape is needed any more");
    }

    [Fact]
    public void BatchDimension_None_HidesNoDimension()
    {
        using OnnxModel model = TestModels.Load("mlp_30_64_32_1.onnx", static o => o.BatchDimension = BatchDimension.None);

        model.Signature.HasBatchDimension.Should().BeFalse();
        using ModelRunner runner = model.Rent();
        runner.GetInputs().Get<float>("features", 5, 30).Length.Should().Be(150);
    }

    [Fact]
    public void WarmUp_DeclaredShapeThatFails_FailsTheLoad()
    {
        FluentActions.Invoking(() => TestModels.Load("variable_length.onnx", static o =>
            {
                o.WarmUpShapes["input_ids"] = [3];
                o.WarmUpShapes["attention_mask"] = [4];
            }))
            .Should().Throw<ModelLoadException>().WithMessage("*warm-up failed*'seq'*");
        FluentActions.Invoking(() => TestModels.Load("variable_length.onnx", static o => o.WarmUpShapes["ids"] = [3]))
            .Should().Throw<TensorMismatchException>().WithMessage("*no input 'ids'*");
        TestModels.Load("variable_length.onnx", static o =>
        {
            o.WarmUpShapes["input_ids"] = [16];
            o.WarmUpShapes["attention_mask"] = [16];
        }).Dispose();
    }

    [Fact]
    public void Load_LoggerFactory_SaysWhereTheModelRuns()
    {
        using var logs = new CollectingLoggerFactory();
        using OnnxModel model = TestModels.Load("scalar_mixed.onnx", o => (o.LoggerFactory, o.WarmUpRuns) = (logs, 2));

        logs.Entries.Should().NotContain(static e => e.Level >= LogLevel.Warning, "zeros of length 1 suit this model");
        logs.Entries.Should().Contain(static e => e.Category == "RealtimeInference.Models.scalar_mixed" && e.Message.Contains("got CPU", StringComparison.Ordinal));
    }

    [Fact]
    public void LoggerFactory_Set_TakesWhatOnnxRuntimeLogs()
    {
        using var logs = new CollectingLoggerFactory();
        using OnnxModel model = TestModels.Load("optional_input.onnx", o => (o.LoggerFactory, o.Name) = (logs, "extra"));

        logs.Entries.Should().Contain(static e =>
            e.Category == "RealtimeInference.Models.extra" && e.Level == LogLevel.Warning && e.Message.StartsWith("ONNX Runtime:", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_OptionsChangedLater_HaveNoEffect()
    {
        var options = new OnnxModelOptions { Version = "1" };
        using OnnxModel model = OnnxModel.Load(TestModels.Path("mlp_30_64_32_1.onnx"), options);
        options.Version = "2";
        options.ExecutionProviders.Clear();

        model.Version.Should().Be("1");
        model.Providers.Requested.Should().Equal("CPU");
    }

    [Fact]
    public void Load_NoName_TakesTheFilesAndNoVersion()
    {
        using OnnxModel named = TestModels.Load("mlp_30_64_32_1.onnx");
        using OnnxModel bytes = OnnxModel.Load(File.ReadAllBytes(TestModels.Path("mlp_30_64_32_1.onnx")));

        (named.Name, named.Version).Should().Be(("mlp_30_64_32_1", null));
        bytes.Name.Should().Be("model");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<float> ScoreAsync(OnnxModel model)
    {
        using ModelRunner runner = model.Rent();
        runner.GetInputs().Get<float>("features").Fill(0.5f);
        await runner.RunAsync();
        return runner.GetOutputs().Get<float>("score")[0];
    }
}
