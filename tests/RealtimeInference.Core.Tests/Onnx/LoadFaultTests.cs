using Microsoft.Extensions.Logging;
using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

/// <summary>What cannot be loaded says so, and leaves nothing behind.</summary>
public sealed class LoadFaultTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_MissingFile_NamesThePath()
    {
        string path = Path.Combine(_folder, "missing.onnx");

        ModelLoadException exception = Loading(path).Should().Throw<ModelLoadException>().WithMessage("*'missing'*no such file*").Which;

        exception.Path.Should().Be(path);
        exception.ModelName.Should().Be("missing");
        exception.Message.Should().Contain(path);
    }

    [Fact]
    public void Load_Folder_SaysSo() =>
        Loading(_folder).Should().Throw<ModelLoadException>().WithMessage("*it is a folder*");

    [Fact]
    public void Load_EmptyFile_SaysThatItIsNoModel()
    {
        string path = Path.Combine(_folder, "empty.onnx");
        File.WriteAllBytes(path, []);

        Loading(path).Should().Throw<ModelLoadException>();
        Loading([]).Should().Throw<ModelLoadException>().Which.Path.Should().BeNull();
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void Load_TruncatedModel_IsRefused(double part)
    {
        byte[] bytes = File.ReadAllBytes(TestModels.SamplePath("german-credit/model.onnx"));
        byte[] truncated = bytes[..(int)(bytes.Length * part)];
        string path = Path.Combine(_folder, "truncated.onnx");
        File.WriteAllBytes(path, truncated);

        Loading(truncated).Should().Throw<ModelLoadException>();
        Loading(path).Should().Throw<ModelLoadException>();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 16)]
    [InlineData(3, 300)]
    [InlineData(4, 5000)]
    [InlineData(5, 100_000)]
    public void Load_RandomBytes_AreRefused(int seed, int length)
    {
        byte[] bytes = new byte[length];
#pragma warning disable CA5394 // The same bytes on each run.
        new Random(seed).NextBytes(bytes);
#pragma warning restore CA5394

        Loading(bytes).Should().Throw<ModelLoadException>();
    }

    [Fact]
    public void Load_UnknownOperator_NamesTheOption() =>
        Loading(TestModels.Path("custom_domain.onnx")).Should().Throw<ModelLoadException>().WithMessage("*CustomOperatorLibraries*");

    [Fact]
    public void Load_ComplexType_IsRefused() =>
        Loading(TestModels.Path("complex_input.onnx")).Should().Throw<ModelLoadException>().WithMessage("*complex64*");

    [Fact]
    public void Load_SequenceOfTensors_SaysWhatIsSupported() =>
        Loading(TestModels.Path("sequence_of_tensors.onnx")).Should().Throw<ModelLoadException>()
            .WithMessage("*Output 'rows'*sequence of tensor of Float*tensors or sequences of maps*");

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
