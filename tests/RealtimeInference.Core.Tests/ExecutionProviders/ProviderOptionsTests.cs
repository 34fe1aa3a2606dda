using System.Runtime.InteropServices;

namespace RealtimeInference.Core.Tests.ExecutionProviders;

/// <summary>The typed options become the keys that ONNX Runtime documents.</summary>
public sealed class ProviderOptionsTests
{
    [Fact]
    public void Cuda_Untouched_NamesTheDeviceOnly() =>
        new CudaOptions().ToProviderOptions().Should().Equal(new Dictionary<string, string> { ["device_id"] = "0" });

    [Fact]
    public void Cuda_EveryOption_HasItsKey()
    {
        var options = new CudaOptions
        {
            DeviceId = 2,
            MemoryLimit = 1L << 31,
            ArenaExtendStrategy = ArenaExtendStrategy.SameAsRequested,
            ConvolutionSearch = ConvolutionSearch.Heuristic,
            ConvolutionMaxWorkspace = false,
            UseCudaGraph = true,
            UseTf32 = false,
            PreferChannelsLast = true,
            CopyInDefaultStream = true,
            ComputeStream = 4096,
        };
        options.Additional["sdpa_kernel"] = "16";
        options.Additional["use_tf32"] = "1";

        options.ToProviderOptions().Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["device_id"] = "2",
            ["gpu_mem_limit"] = "2147483648",
            ["arena_extend_strategy"] = "kSameAsRequested",
            ["cudnn_conv_algo_search"] = "HEURISTIC",
            ["cudnn_conv_use_max_workspace"] = "0",
            ["enable_cuda_graph"] = "1",
            ["use_tf32"] = "1",
            ["prefer_nhwc"] = "1",
            ["do_copy_in_default_stream"] = "1",
            ["has_user_compute_stream"] = "1",
            ["user_compute_stream"] = "4096",
            ["sdpa_kernel"] = "16",
        });
    }

    [Fact]
    public void Cuda_Faults_AreAllNamed() =>
        FluentActions.Invoking(() => ExecutionProvider.Cuda(static o => (o.DeviceId, o.MemoryLimit) = (-1, 0)))
            .Should().Throw<ArgumentException>().WithMessage("*DeviceId is -1*MemoryLimit is 0*");

    [Fact]
    public void DirectMl_ChosenByKindOrByNumber_HasItsKeys()
    {
        new DirectMlOptions { Preference = DirectMlPreference.HighPerformance, DeviceFilter = DirectMlDeviceFilter.Any, DisableMetacommands = true }
            .ToProviderOptions().Should().BeEquivalentTo(new Dictionary<string, string>
            {
                ["performance_preference"] = "high_performance",
                ["device_filter"] = "any",
                ["disable_metacommands"] = "true",
            });
        new DirectMlOptions { DeviceId = 1, Preference = DirectMlPreference.MinimumPower }
            .ToProviderOptions().Should().Equal(new Dictionary<string, string> { ["device_id"] = "1" });
    }

    [Fact]
    public void FindPlugin_WhereItsPackagePutsIt_IsFound()
    {
        string folder = Directory.CreateTempSubdirectory("cuda").FullName;
        bool isWindows = OperatingSystem.IsWindows();
        string shared = isWindows ? "onnxruntime_providers_cuda.dll" : "libonnxruntime_providers_cuda.so";
        string preview = isWindows ? "onnxruntime_providers_cuda_plugin.dll" : "libonnxruntime_providers_cuda_plugin.so";
        string platform = (isWindows ? "win-" : "linux-") + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        string native = Directory.CreateDirectory(Path.Combine(folder, "runtimes", platform, "native")).FullName;

        CudaProvider.FindPlugin(folder, isBuiltIn: false).Should().BeNull();
        File.WriteAllText(Path.Combine(native, shared), "");
        CudaProvider.FindPlugin(folder, isBuiltIn: false).Should().Be(Path.Combine(native, shared));
        CudaProvider.FindPlugin(folder, isBuiltIn: true).Should().BeNull("in a GPU build that file is the built-in provider's own");
        File.WriteAllText(Path.Combine(folder, preview), "");
        CudaProvider.FindPlugin(folder, isBuiltIn: true).Should().Be(Path.Combine(folder, preview));
        Directory.Delete(folder, recursive: true);
    }
}
