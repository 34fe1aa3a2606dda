using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.ExecutionProviders;

/// <summary>A real plug-in library, compiled here: registered, chosen, run, and told the truth about.</summary>
public sealed class PluginProcessTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("plugin").FullName;

    private string Library => Path.Combine(_folder, "librelu_ep.so");

    public Task InitializeAsync() => NativeLibraries.Compiler is null ? Task.CompletedTask : NativeLibraries.CompileAsync("relu_ep.c", Library);

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [CompilerFact]
    public async Task Load_ModelThatThePluginCanTake_RunsThere() =>
        (await RunAsync(0, ProviderFallback.None, "free_dims.onnx")).Should().Equal("nodes: ReluPluginExecutionProvider 1", "0 2 0 4", "0 2 0 4", "0 2 0 4");

    [CompilerFact]
    public async Task Load_ModelThatThePluginCanTakeInPart_IsRefusedOrShared()
    {
        (await RunAsync(0, ProviderFallback.None, "mlp_30_64_32_1.onnx")).Should().ContainSingle()
            .Which.Should().Match("ExecutionProviderUnavailableException: *assigned to the default CPU EP*ProviderFallback.NodesToCpu*");
        (await RunAsync(0, ProviderFallback.NodesToCpu, "mlp_30_64_32_1.onnx")).Should()
            .Equal("nodes: CPUExecutionProvider 4, ReluPluginExecutionProvider 2");
    }

    [CompilerFact]
    public async Task Load_ModelThatThePluginCannotTake_IsRefusedEvenWithFallback() =>
        (await RunAsync(0, ProviderFallback.NodesToCpu, "identity_float.onnx")).Should().ContainSingle()
            .Which.Should().Match("ExecutionProviderUnavailableException: *took none of the 1 nodes*");

    [CompilerFact]
    public async Task Load_DeviceThatIsNotThere_SaysHowManyThereAre() =>
        (await RunAsync(7, ProviderFallback.None, "free_dims.onnx")).Should().ContainSingle()
            .Which.Should().Match("ExecutionProviderUnavailableException: *offers 1 devices here, and device 7*");

    private Task<string[]> RunAsync(int device, ProviderFallback fallback, string model) =>
        TestApp.RunAsync("Plugin", TestApp.FindFolder("Plugin"), Library, $"{device}", $"{fallback}", TestModels.Path(model));
}
