using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.ExecutionProviders;

/// <summary>Libraries that are no plug-ins, though they can be loaded or are named by the options of a provider.</summary>
public sealed class PluginLibraryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [LinuxFact]
    public void Plugin_NativeLibraryOfAnotherKind_IsRefusedEachTime()
    {
        string library = Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libSystem.Native.so").Single();
        ExecutionProvider provider = ExecutionProvider.Plugin(o => o.LibraryPath = library);

        // A refused library must not count as registered.
        for (int i = 0; i < 2; i++)
        {
            ExecutionProviderUnavailableException exception = Fail(provider);
            exception.ProviderName.Should().Be("libSystem.Native");
            exception.PackageToInstall.Should().BeNull();
            exception.Message.Should().ContainAll(library, "Check the plug-in library");
        }
    }

    [Fact]
    public void Plugin_FaultyOptions_AreRefusedWhenItIsMade()
    {
        FluentActions.Invoking(static () => ExecutionProvider.Plugin(static o => o.LibraryPath = " ")).Should().Throw<ArgumentException>();
        FluentActions.Invoking(static () => ExecutionProvider.Plugin(static o => (o.LibraryPath, o.DeviceIndex) = ("a.so", -1)))
            .Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(static () => ExecutionProvider.Named(" ")).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Cuda_PluginLibraryThatIsMissing_IsNamed()
    {
        string library = Path.Combine(_folder, "cuda.so");

        ExecutionProviderUnavailableException exception = Fail(ExecutionProvider.Cuda(o => o.PluginLibraryPath = library));

        exception.ProviderName.Should().Be("CUDA");
        exception.Message.Should().Contain(library);
    }

    [Fact]
    public void Cuda_PluginLibraryThatIsNone_IsNamed()
    {
        string library = Path.Combine(_folder, "cuda.so");
        File.WriteAllText(library, "no library");

        Fail(ExecutionProvider.Cuda(o => o.PluginLibraryPath = library)).Message.Should().ContainAll(library, "NVIDIA driver");
    }

    [Fact]
    public void Cuda_FallbackOfNodesOnly_StillNeedsTheProvider() =>
        FluentActions.Invoking(static () => TestModels.Load("mlp_30_64_32_1.onnx", static o =>
            {
                o.ExecutionProviders = [ExecutionProvider.Cuda()];
                o.Fallback = ProviderFallback.NodesToCpu;
            }))
            .Should().Throw<ExecutionProviderUnavailableException>();

    [Fact]
    public void ToString_Provider_IsItsName()
    {
        ExecutionProvider.Cpu.ToString().Should().Be("CPU");
        ExecutionProvider.Plugin(static o => (o.LibraryPath, o.ProviderName) = ("a.so", "mine")).ToString().Should().Be("mine");
        ExecutionProvider.ByPolicy(DevicePolicy.PreferGpu).Name.Should().Be("policy PreferGpu");
    }

    private static ExecutionProviderUnavailableException Fail(ExecutionProvider provider) =>
        FluentActions.Invoking(() => TestModels.Load("mlp_30_64_32_1.onnx", o => o.ExecutionProviders = [provider]))
            .Should().Throw<ExecutionProviderUnavailableException>().Which;
}
