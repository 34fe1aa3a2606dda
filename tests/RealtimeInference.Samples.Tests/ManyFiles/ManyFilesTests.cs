using QuickStart;

namespace RealtimeInference.Samples.Tests;

/// <summary>The sample as its user runs it.</summary>
public sealed class ManyFilesTests
{
    [Fact]
    public async Task Run_ModelsOwnFiles_AnswersAllInTheirOrder()
    {
        using var folder = new TempFolder();
        string samples = MagikaFiles.Load(Path.Combine(AppContext.BaseDirectory, "magika")).SamplesFolder;
        string[] names = [.. InputFile.Find([], samples).Select(f => f.Name)];

        QuickStartProcess process = await QuickStartProcess.RunAsync(folder, [], program: "ManyFiles");

        process.ExitCode.Should().Be(0, process.Errors);
        process.Output.Select(line => line.Split(": ")[0]).Should().Equal(names);
        process.Output.Should().Contain($"{Path.Combine("python", "code.py")}: python");
        process.Errors.Should().Contain($"{names.Length} of {names.Length}").And.Contain("0 failed");
    }

    [Fact]
    public async Task Run_From_LeavesOutWhatWasDone()
    {
        using var folder = new TempFolder();
        string samples = MagikaFiles.Load(Path.Combine(AppContext.BaseDirectory, "magika")).SamplesFolder;
        int count = InputFile.Find([], samples).Count();

        QuickStartProcess process = await QuickStartProcess.RunAsync(folder, [samples, "--from", "3"], program: "ManyFiles");

        process.ExitCode.Should().Be(0, process.Errors);
        process.Output.Should().HaveCount(count - 3);
    }

    [Fact]
    public async Task Run_AFolderThatIsNotThere_IsAnErrorOfThatItem()
    {
        using var folder = new TempFolder();

        QuickStartProcess process = await QuickStartProcess.RunAsync(folder, ["nowhere"], program: "ManyFiles");

        process.ExitCode.Should().Be(1);
        process.Output.Should().ContainSingle().Which.Should().StartWith("nowhere: error: ");
    }

    [Fact]
    public async Task Run_WrongUsage_SaysSo()
    {
        using var folder = new TempFolder();

        QuickStartProcess process = await QuickStartProcess.RunAsync(folder, ["a", "--from", "x"], program: "ManyFiles");

        process.ExitCode.Should().Be(2);
        process.Errors.Should().StartWith("Usage:");
    }
}
