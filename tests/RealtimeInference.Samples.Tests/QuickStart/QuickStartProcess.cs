using System.Diagnostics;

namespace RealtimeInference.Samples.Tests;

/// <summary>Runs the sample as its user does: as a program of its own.</summary>
public sealed record QuickStartProcess(int ExitCode, string[] Output, string Errors)
{
    public static async Task<QuickStartProcess> RunAsync(
        TempFolder currentFolder, string[] args, byte[]? standardInput = null, string program = "QuickStart")
    {
        // The reference to the sample's project puts the program, with all it needs, beside the tests.
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = currentFolder.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string arg in (string[])[Path.Combine(AppContext.BaseDirectory, $"{program}.dll"), .. args])
        {
            start.ArgumentList.Add(arg);
        }

        using Process process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.StandardInput.BaseStream.WriteAsync(standardInput ?? [], timeout.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(timeout.Token);
            string[] lines = (await output).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
            return new QuickStartProcess(process.ExitCode, lines, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Finds the cells of a file's row in the table.</summary>
    public string[] Row(string file) =>
        Output.Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Single(cells => cells[0] == file);
}
