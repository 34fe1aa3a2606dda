using System.Runtime.InteropServices;

namespace RealtimeInference.Core.Tests.ExecutionProviders;

/// <summary>Every value of the typed options, and keys of the host's own that mean the same.</summary>
public sealed class ProviderOptionValuesTests
{
    [Theory]
    [InlineData(ArenaExtendStrategy.NextPowerOfTwo, "kNextPowerOfTwo")]
    [InlineData(ArenaExtendStrategy.SameAsRequested, "kSameAsRequested")]
    public void Cuda_ArenaExtendStrategy_HasItsValue(ArenaExtendStrategy strategy, string expected) =>
        new CudaOptions { ArenaExtendStrategy = strategy }.ToProviderOptions()["arena_extend_strategy"].Should().Be(expected);

    [Theory]
    [InlineData(ConvolutionSearch.Exhaustive, "EXHAUSTIVE")]
    [InlineData(ConvolutionSearch.Heuristic, "HEURISTIC")]
    [InlineData(ConvolutionSearch.Default, "DEFAULT")]
    public void Cuda_ConvolutionSearch_HasItsValue(ConvolutionSearch search, string expected) =>
        new CudaOptions { ConvolutionSearch = search }.ToProviderOptions()["cudnn_conv_algo_search"].Should().Be(expected);

    [Theory]
    [InlineData(DirectMlPreference.Default, DirectMlDeviceFilter.Gpu, "default", "gpu")]
    [InlineData(DirectMlPreference.HighPerformance, DirectMlDeviceFilter.Npu, "high_performance", "npu")]
    [InlineData(DirectMlPreference.MinimumPower, DirectMlDeviceFilter.Any, "minimum_power", "any")]
    public void DirectMl_PreferenceAndFilter_HaveTheirValues(
        DirectMlPreference preference, DirectMlDeviceFilter filter, string expectedPreference, string expectedFilter) =>
        new DirectMlOptions { Preference = preference, DeviceFilter = filter }.ToProviderOptions().Should().Equal(
            new Dictionary<string, string> { ["performance_preference"] = expectedPreference, ["device_filter"] = expectedFilter });

    [Fact]
    public void DirectMl_Additional_Wins()
    {
        var options = new DirectMlOptions { DeviceId = 1 };
        options.Additional["device_id"] = "3";
        options.Additional["new_key"] = "x";

        options.ToProviderOptions().Should().Equal(new Dictionary<string, string> { ["device_id"] = "3", ["new_key"] = "x" });
    }

    [Theory]
    [InlineData("gpu0")]
    [InlineData("-1")]
    [InlineData("")]
    public void Cuda_AdditionalDeviceThatIsNoNumber_IsRefusedWhenItIsMade(string device) =>
        FluentActions.Invoking(() => ExecutionProvider.Cuda(o => o.Additional["device_id"] = device))
            .Should().Throw<ArgumentException>().WithMessage($"*device_id*'{device}'*");

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("0", false)]
    [InlineData("false", false)]
    public void Cuda_AdditionalCudaGraph_IsSeenHoweverItIsWritten(string value, bool expected)
    {
        var options = new CudaOptions();
        options.Additional["enable_cuda_graph"] = value;

        new CudaProvider(options).UsesCudaGraph.Should().Be(expected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FindPlugin_EitherNameInEitherFolder_IsFound(bool inRuntimes)
    {
        bool isWindows = OperatingSystem.IsWindows();
        string platform = (isWindows ? "win-" : "linux-") + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        foreach (string name in new[] { "onnxruntime_providers_cuda", "onnxruntime_providers_cuda_plugin" })
        {
            string folder = Directory.CreateTempSubdirectory("cuda").FullName;
            string place = inRuntimes ? Directory.CreateDirectory(Path.Combine(folder, "runtimes", platform, "native")).FullName : folder;
            string library = Path.Combine(place, isWindows ? name + ".dll" : $"lib{name}.so");
            File.WriteAllText(library, "");

            CudaProvider.FindPlugin(folder, isBuiltIn: false).Should().Be(library);
            Directory.Delete(folder, recursive: true);
        }
    }
}
