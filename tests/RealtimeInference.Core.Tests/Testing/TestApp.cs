using System.Diagnostics;
using System.Reflection;

namespace RealtimeInference.Core.Tests.Testing;

/// <summary>Starts a small app of our own in a process of its own.</summary>
internal static class TestApp
{
    public static string FindFolder(string name) => Path.Combine(Metadata("TestApps"), name, Metadata("AppOutput"));

    /// <summary>Runs an app to its end.</summary>
    /// <returns>The lines that it printed.</returns>
    public static async Task<string[]> RunAsync(string name, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(folder, $"{name}.dll"));
        Array.ForEach(arguments, start.ArgumentList.Add);
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, output);
        return output.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public static string Metadata(string key) => typeof(TestApp).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
