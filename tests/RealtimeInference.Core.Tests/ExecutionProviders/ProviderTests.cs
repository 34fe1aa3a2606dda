using Microsoft.Extensions.Logging;
using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.ExecutionProviders;

/// <summary>What was asked for, what it got, and why: on a machine that has the CPU only.</summary>
public sealed class ProviderTests
{
    private const string Model = "mlp_30_64_32_1.onnx";

    [Fact]
    public void Load_Cpu_ReportsEveryNode()
    {
        using OnnxModel model = TestModels.Load(Model);

        model.Providers.Requested.Should().Equal("CPU");
        model.Providers.Selected.Should().Be("CPU");
        model.Providers.Rejected.Should().BeEmpty();
        model.Providers.NodesByProvider.Should().Equal(new Dictionary<string, int> { ["CPUExecutionProvider"] = 6 });
        model.Providers.ToString().Should().Be("asked for CPU; got CPU; nodes: CPUExecutionProvider 6");
    }

    [Fact]
    public void Load_CudaMissing_SaysWhyAndWhatToInstall()
    {
        ExecutionProviderUnavailableException exception = Fail(ExecutionProvider.Cuda());

        exception.ProviderName.Should().Be("CUDA");
        exception.PackageToInstall.Should().Be("Microsoft.ML.OnnxRuntime.EP.Cuda");
        exception.Reason.Should().ContainAll("built without it", "CPUExecutionProvider", AppContext.BaseDirectory);
        exception.Message.Should().ContainAll("Microsoft.ML.OnnxRuntime.EP.Cuda", "Microsoft.ML.OnnxRuntime.Gpu");
    }

    [Fact]
    public async Task Load_ListWithFallback_TakesTheNextAndSaysSo()
    {
        using var logs = new CollectingLoggerFactory();
        using OnnxModel model = TestModels.Load(Model, o =>
        {
            o.LoggerFactory = logs;
            o.Fallback = ProviderFallback.NextProvider;
            o.ExecutionProviders = [ExecutionProvider.Cuda(), ExecutionProvider.Named("NoSuchProvider"), ExecutionProvider.Cpu];
        });

        model.Providers.Requested.Should().Equal("CUDA", "NoSuchProvider", "CPU");
        model.Providers.Selected.Should().Be("CPU");
        model.Providers.Rejected.Select(static r => r.Name).Should().Equal("CUDA", "NoSuchProvider");
        logs.Entries.Where(static e => e.Level == LogLevel.Warning).Should().HaveCount(2).And.OnlyContain(static e => e.Message.Contains("was not taken"));
        using ModelRunner runner = model.Rent();
        runner.GetInputs().Get<float>("features").Fill(1);
        await runner.RunAsync();
        runner.GetOutputs().Get<float>("score")[0].Should().BeInRange(0, 1);
    }

    [Fact]
    public void Load_NoneOfTheList_NamesEachReason()
    {
        FluentActions.Invoking(() => TestModels.Load(Model, static o =>
            {
                o.Fallback = ProviderFallback.NextProvider;
                o.ExecutionProviders = [ExecutionProvider.Cuda(), ExecutionProvider.Named("NoSuchProvider")];
            }))
            .Should().Throw<ExecutionProviderUnavailableException>()
            .WithMessage("None of the providers*CUDA*NoSuchProvider*");
    }

    [Fact]
    public void Load_DirectMl_SaysWhatIsInTheWay()
    {
        ExecutionProviderUnavailableException exception = Fail(ExecutionProvider.DirectMl());

        exception.ProviderName.Should().Be("DirectML");
        exception.Message.Should().Contain(OperatingSystem.IsWindows() ? "Microsoft.ML.OnnxRuntime.Managed" : "Windows only");
    }

    [Fact]
    public void Load_NamedThatTheBuildLacks_SaysWhatItHas()
    {
        Fail(ExecutionProvider.Named("NoSuchProvider")).Message.Should().ContainAll("NoSuchProvider", "CPUExecutionProvider");
        Fail(ExecutionProvider.Named("XNNPACK")).Reason.Should().Contain("not supported in this build");
    }

    [Fact]
    public void Load_NamedCpu_Runs()
    {
        using OnnxModel model = TestModels.Load(Model, static o => o.ExecutionProviders = [ExecutionProvider.Named("CPU")]);
        model.Providers.NodesByProvider.Should().ContainKey("CPUExecutionProvider");
    }

    [Fact]
    public void Load_PluginThatIsNone_SaysWhatWasWrong()
    {
        string folder = Directory.CreateTempSubdirectory("plugin").FullName;
        string text = Path.Combine(folder, "text.so");
        File.WriteAllText(text, "no library");
        string noPlugin = typeof(OnnxModel).Assembly.Location;

        FluentActions.Invoking(() => ExecutionProvider.Plugin(static _ => { })).Should().Throw<ArgumentException>();
        Fail(Plugin(Path.Combine(folder, "missing.so"))).Message.Should().ContainAll("missing.so", "Check the plug-in library");
        Fail(Plugin(text)).Message.Should().Contain("text.so");
        Fail(Plugin(noPlugin)).ProviderName.Should().Be("RealtimeInference.Core");
        Directory.Delete(folder, recursive: true);

        static ExecutionProvider Plugin(string path) => ExecutionProvider.Plugin(o => o.LibraryPath = path);
    }

    [Fact]
    public void Load_PolicyForADeviceThatIsNotThere_IsKeptToUnlessFallbackIsAllowed()
    {
        Fail(ExecutionProvider.ByPolicy(DevicePolicy.PreferGpu)).Message.Should().ContainAll("PreferGpu", "ProviderFallback.NodesToCpu");
        FluentActions.Invoking(() => TestModels.Load(Model, static o =>
            {
                o.ExecutionProviders = [ExecutionProvider.ByPolicy(DevicePolicy.PreferNpu)];
                o.Fallback = ProviderFallback.NodesToCpu;
            }))
            .Should().Throw<ExecutionProviderUnavailableException>().WithMessage("*took none of the 6 nodes*");
        using OnnxModel next = TestModels.Load(Model, static o =>
        {
            o.ExecutionProviders = [ExecutionProvider.ByPolicy(DevicePolicy.PreferGpu), ExecutionProvider.Cpu];
            o.Fallback = ProviderFallback.NextProvider;
        });
        next.Providers.Rejected.Should().ContainSingle();
    }

    [Theory]
    [InlineData(DevicePolicy.Default)]
    [InlineData(DevicePolicy.PreferCpu)]
    [InlineData(DevicePolicy.MaxPerformance)]
    [InlineData(DevicePolicy.MaxEfficiency)]
    [InlineData(DevicePolicy.MinPower)]
    public void Load_PolicyThatMayChooseTheCpu_Runs(DevicePolicy policy)
    {
        using OnnxModel model = TestModels.Load(Model, o => o.ExecutionProviders = [ExecutionProvider.ByPolicy(policy)]);
        model.Providers.NodesByProvider["CPUExecutionProvider"].Should().BePositive();
    }

    private static ExecutionProviderUnavailableException Fail(ExecutionProvider provider) =>
        FluentActions.Invoking(() => TestModels.Load(Model, o => o.ExecutionProviders = [provider]))
            .Should().Throw<ExecutionProviderUnavailableException>().Which;
}
