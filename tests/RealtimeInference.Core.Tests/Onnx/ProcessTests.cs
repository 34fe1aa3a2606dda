using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

/// <summary>What is one for the whole process, and what happens without the native library.</summary>
public sealed class ProcessTests
{
    private static readonly string s_model = TestModels.Path("mlp_30_64_32_1.onnx");

    [Theory]
    [InlineData("configured", "agree True, pool True")]
    [InlineData("first", "score True")]
    [InlineData("late", "InvalidOperationException: ONNX Runtime has already been started*before anything else uses it.")]
    [InlineData("unconfigured", "InvalidOperationException: UseSharedThreadPool is set*without a shared thread pool*OnnxEnvironment.Configure*")]
    public async Task SharedThreadPool_AsTheProcessWasStarted_WorksOrSaysWhyNot(string mode, string expected)
    {
        string[] lines = await TestApp.RunAsync("SharedPool", TestApp.FindFolder("SharedPool"), mode, s_model);

        lines.Should().ContainSingle().Which.Should().Match(expected);
    }

    [Fact]
    public async Task Load_NoNativeLibrary_NamesThePackage()
    {
        string[] lines = await TestApp.RunAsync("NoNative", TestApp.FindFolder("NoNative"), s_model);

        lines.Should().HaveCount(2).And.AllSatisfy(static line => line.Should().Match(
            "NativeRuntimeException: The native ONNX Runtime library was not found*reference the package RealtimeInference (CPU)*"));
    }

    [LinuxFact]
    public async Task Load_LibraryThatIsNone_IsRefused()
    {
        string folder = CopyApp();
        await File.WriteAllTextAsync(Path.Combine(folder, "libonnxruntime.so"), "no library");

        string[] lines = await TestApp.RunAsync("NoNative", folder, s_model);

        lines.Should().HaveCount(2).And.AllSatisfy(static line => line.Should().StartWith("NativeRuntimeException: "));
        Directory.Delete(folder, recursive: true);
    }

    [LinuxFact]
    public async Task Load_LibraryThatIsAnother_IsRefusedAsTooOld()
    {
        // A real library without ONNX Runtime's entry point stands for one from before the C API.
        string folder = CopyApp();
        string other = Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libSystem.Native.so").Single();
        File.Copy(other, Path.Combine(folder, "libonnxruntime.so"));

        string[] lines = await TestApp.RunAsync("NoNative", folder, s_model);

        lines.Should().HaveCount(2).And.AllSatisfy(static line => line.Should().Match(
            "NativeRuntimeException: *too old for the managed package*Microsoft.ML.OnnxRuntime.DirectML*"));
        Directory.Delete(folder, recursive: true);
    }

    [CompilerFact]
    public async Task Load_LibraryOlderThanTheManagedPackage_ExplainsTheTrap()
    {
        string folder = CopyApp();
        await NativeLibraries.CompileAsync("old_runtime.c", Path.Combine(folder, "libonnxruntime.so"));

        string[] lines = await TestApp.RunAsync("NoNative", folder, s_model);

        lines.Should().HaveCount(2).And.AllSatisfy(static line => line.Should().Match(
            "NativeRuntimeException: *too old for the managed package*pin Microsoft.ML.OnnxRuntime.Managed*API version 31*"));
        Directory.Delete(folder, recursive: true);
    }

    private static string CopyApp()
    {
        string folder = Directory.CreateTempSubdirectory("app").FullName;
        foreach (string file in Directory.EnumerateFiles(TestApp.FindFolder("NoNative")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }
}
