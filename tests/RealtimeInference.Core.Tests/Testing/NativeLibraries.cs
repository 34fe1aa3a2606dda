using System.Diagnostics;

namespace RealtimeInference.Core.Tests.Testing;

/// <summary>Compiles the libraries of tests/native.</summary>
internal static class NativeLibraries
{
    public static string? Compiler { get; } = !OperatingSystem.IsLinux()
        ? null
        : new[] { "cc", "clang", "gcc" }
            .SelectMany(static name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);

    public static async Task CompileAsync(string source, string output)
    {
        var start = new ProcessStartInfo(Compiler!) { RedirectStandardError = true };
        foreach (string argument in new[]
        {
            "-shared", "-fPIC", "-Wall", "-Werror", "-I", TestApp.Metadata("NativeHeaders"),
            "-o", output, Path.Combine(TestApp.Metadata("NativeSources"), source),
        })
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, errors);
    }
}
