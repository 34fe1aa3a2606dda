using Microsoft.Extensions.Logging;
using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

/// <summary>What is no model at all is refused, and a load that fails leaves nothing behind.</summary>
public sealed class LoadCleanupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_EmptyFile_SaysThatItIsNoModel()
    {
        string path = Path.Combine(_folder, "empty.onnx");
        File.WriteAllBytes(path, []);

        Loading(path).Should().Throw<ModelLoadException>();
        Loading([]).Should().Throw<ModelLoadException>().Which.Path.Should().BeNull();
    }

    [Fact]
    public void Load_NullOrBlank_IsRefused()
    {
        Loading(" ").Should().Throw<ArgumentException>();
        FluentActions.Invoking(static () => OnnxModel.Load((Stream)null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public void Load_Fails_LaterLoadsWork()
    {
        for (int i = 0; i < 200; i++)
        {
            Loading(TestModels.Path("sequence_of_tensors.onnx")).Should().Throw<ModelLoadException>();
        }

        using OnnxModel model = TestModels.Load("static_shape.onnx");
        model.Signature.Inputs.Should().ContainSingle();
    }

    [Fact]
    public void Load_FailsOrIsDisposed_ForgetsTheLogger()
    {
        using var log = new CollectingLoggerFactory();
        string name = Guid.NewGuid().ToString();
        Action load = () => OnnxModel.Load(TestModels.Path("sequence_of_tensors.onnx"), new OnnxModelOptions { Name = name, LoggerFactory = log });
        load.Should().Throw<ModelLoadException>();
        OnnxModel.Load(TestModels.Path("static_shape.onnx"), new OnnxModelOptions { Name = name, LoggerFactory = log }).Dispose();

        OrtLogRouter.LogIds.Should().NotContain(id => id.StartsWith(name, StringComparison.Ordinal));
        log.Entries.Should().Contain(static e => e.Level == LogLevel.Information && e.Message.Contains("loaded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LoadAsync_Cancelled_EndsWithTheToken()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        Func<Task> load = () => OnnxModel.LoadAsync(TestModels.Path("static_shape.onnx"), null, source.Token);

        (await load.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(source.Token);
    }

    [Fact]
    public async Task LoadAsync_File_GivesTheModel()
    {
        await using OnnxModel model = await OnnxModel.LoadAsync(TestModels.Path("static_shape.onnx"));

        model.Name.Should().Be("static_shape");
    }

    private static Action Loading(string path) => () => OnnxModel.Load(path).Dispose();

    private static Action Loading(byte[] bytes) => () => OnnxModel.Load(bytes).Dispose();
}
