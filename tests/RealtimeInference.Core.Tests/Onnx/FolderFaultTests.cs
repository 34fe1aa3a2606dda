using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

/// <summary>Options that name folders which are not there.</summary>
public sealed class FolderFaultTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string Missing => Path.Combine(_folder, "missing", "file");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void OptimizedModelPath_FolderMissing_FailsTheLoad() =>
        FluentActions.Invoking(() => TestModels.Load("mlp_30_64_32_1.onnx", o => o.OptimizedModelPath = Missing).Dispose())
            .Should().Throw<ModelLoadException>();

    [Fact]
    public void ExternalDataFolder_Missing_FailsTheLoad() =>
        FluentActions.Invoking(() => OnnxModel.Load(
                File.ReadAllBytes(TestModels.Path("external_data.onnx")), new OnnxModelOptions { ExternalDataFolder = Missing }).Dispose())
            .Should().Throw<ModelLoadException>().WithMessage("*ExternalDataFolder*");

    [Fact]
    public async Task ProfileOutputPrefix_FolderMissing_TheModelRunsAndIsFreed()
    {
        OnnxModel model = TestModels.Load("static_shape.onnx", o => o.ProfileOutputPrefix = Missing);
        using (ModelRunner runner = model.Rent())
        {
            runner.GetInputs().Set<float>("x", [1, 2, 3, 4, 5, 6]);
            await runner.RunAsync();
            runner.GetOutputs().Get<float>("y")[5].Should().Be(12);
        }

        await model.DisposeAsync();

        // A second call waits for the first to have freed the model.
        await model.DisposeAsync();
        model.RunnerCount.Should().Be(0);
    }

    [Fact]
    public void SessionConfiguration_KeyThatIsTooLong_FailsTheLoad() =>
        FluentActions.Invoking(static () => TestModels.Load("static_shape.onnx", static o => o.SessionConfiguration[new string('k', 5000)] = "1").Dispose())
            .Should().Throw<ModelLoadException>().WithMessage("*an option was refused*");

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    public void Configure_ThreadsBelowOne_AreRefused(int intra, int inter) =>
        FluentActions.Invoking(() => OnnxEnvironment.Configure(new OnnxEnvironmentOptions { SharedIntraOpThreads = intra, SharedInterOpThreads = inter }))
            .Should().Throw<ArgumentOutOfRangeException>();
}
