using System.Globalization;
using System.Text.Json;
using QuickStart;

namespace RealtimeInference.Samples.Tests;

public sealed class ProgramTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_WithoutArguments_ListsEverySampleWithItsTypeAndTheStages()
    {
        QuickStartProcess result = await QuickStartProcess.RunAsync(_folder, []);

        result.Errors.Should().BeEmpty();
        result.ExitCode.Should().Be(ExitCodes.Success);
        result.Row("file").Should().Equal("file", "type", "group", "MIME type", "confidence", "ms");
        foreach (Reference reference in Reference.All)
        {
            string[] row = result.Row(Path.GetRelativePath("samples", reference.File));
            row.Should().HaveCount(6);
            row[1].Should().Be(reference.Output ?? reference.Label);
            double.Parse(row[4], CultureInfo.InvariantCulture).Should().BeApproximately(reference.Score, 2e-4);
            double.Parse(row[5], CultureInfo.InvariantCulture).Should().BePositive();
        }

        result.Row($"{Reference.All.Count} files, 0 failed.").Should().HaveCount(1);
        foreach (string stage in (string[])["read", "validate", "preprocess", "run", "postprocess"])
        {
            result.Row(stage)[1].Should().Be(Reference.All.Count.ToString(CultureInfo.InvariantCulture));
        }

        result.Output.Should().HaveCount(1 + Reference.All.Count + 1 + 1 + 5);
    }

    [Fact]
    public async Task Run_MissingFileAmongOthers_ReportsItAndGoesOn()
    {
        string good = _folder.Write("good.html", "<!DOCTYPE html>\n<html>\n<head><title>Good</title></head>\n<body><p>Good.</p></body>\n</html>\n");
        string empty = _folder.Write("empty.txt", "");
        string missing = _folder.PathOf("missing.txt");

        QuickStartProcess result = await QuickStartProcess.RunAsync(_folder, [missing, good, empty]);

        result.ExitCode.Should().Be(ExitCodes.SomeFailed);
        result.Errors.Should().BeEmpty();
        result.Row(missing)[1].Should().StartWith("error: ").And.Contain("missing.txt");
        result.Row(good)[1..4].Should().Equal("html", "code", "text/html");
        result.Row(empty)[1..5].Should().Equal("empty", "inode", "inode/x-empty", "1.0000");
        result.Row("small file")[1].Should().Be("1");
        result.Row("3 files, 1 failed.").Should().HaveCount(1);
    }

    [Fact]
    public async Task Run_Dash_ReadsStandardInput()
    {
        byte[] content = await File.ReadAllBytesAsync(Path.Combine(MagikaFixture.Folder, "samples", "pdf", "magika_test_pptx.pdf"));

        QuickStartProcess result = await QuickStartProcess.RunAsync(_folder, ["-"], content);

        result.ExitCode.Should().Be(ExitCodes.Success);
        result.Row("-")[1..4].Should().Equal("pdf", "document", "application/pdf");
    }

    [Fact]
    public async Task Run_DashWithNothingOnStandardInput_SaysEmpty()
    {
        QuickStartProcess result = await QuickStartProcess.RunAsync(_folder, ["-"]);

        result.ExitCode.Should().Be(ExitCodes.Success);
        result.Row("-")[1].Should().Be("empty");
    }

    [Fact]
    public async Task Run_Json_PrintsOneObjectPerFileAndNothingElse()
    {
        _folder.Write("in/a.py", "import sys\n\ndef main():\n    print(sys.argv)\n\nif __name__ == '__main__':\n    main()\n");
        _folder.Write("in/tiny", "abc");

        QuickStartProcess result = await QuickStartProcess.RunAsync(_folder, ["--json", "in", "missing.txt"]);

        result.ExitCode.Should().Be(ExitCodes.SomeFailed);
        result.Errors.Should().BeEmpty();
        JsonElement[] lines = [.. result.Output.Select(line => JsonDocument.Parse(line).RootElement)];
        lines.Should().HaveCount(3);
        foreach (JsonElement line in lines[..2])
        {
            line.EnumerateObject().Select(field => field.Name)
                .Should().Equal("file", "type", "group", "mimeType", "confidence", "milliseconds");
            line.GetProperty("confidence").GetDouble().Should().BeInRange(0.5, 1);
            line.GetProperty("milliseconds").GetDouble().Should().BePositive();
        }

        lines[0].GetProperty("file").GetString().Should().Be(Path.Combine("in", "a.py"));
        lines[0].GetProperty("type").GetString().Should().Be("python");
        lines[0].GetProperty("mimeType").GetString().Should().Be("text/x-python");
        lines[1].GetProperty("type").GetString().Should().Be("txt");
        lines[2].EnumerateObject().Select(field => field.Name).Should().Equal("file", "error");
        lines[2].GetProperty("file").GetString().Should().Be("missing.txt");
        lines[2].GetProperty("error").GetString().Should().Contain("missing.txt");
    }

    [Fact]
    public async Task Run_UnknownOption_PrintsTheUsageAsAnError()
    {
        QuickStartProcess result = await QuickStartProcess.RunAsync(_folder, ["--jsn"]);

        result.ExitCode.Should().Be(ExitCodes.WrongUsage);
        result.Output.Should().BeEmpty();
        result.Errors.Should().Contain("'--jsn'").And.Contain("Usage: ");
    }

    [Fact]
    public async Task Run_Help_PrintsTheUsage()
    {
        QuickStartProcess result = await QuickStartProcess.RunAsync(_folder, ["--help"]);

        result.ExitCode.Should().Be(ExitCodes.Success);
        string.Join(Environment.NewLine, result.Output).Should().Contain("Usage: ").And.Contain("--json");
        result.Errors.Should().BeEmpty();
    }

    [Fact]
    public void Parse_DoubleDash_TakesTheRestAsFiles()
    {
        global::QuickStart.CommandLine commandLine = global::QuickStart.CommandLine.Parse(["--json", "a", "--", "--help", "-x"]);

        commandLine.Paths.Should().Equal("a", "--help", "-x");
        commandLine.Should().BeEquivalentTo(new { WantsJson = true, WantsHelp = false, UnknownOption = (string?)null });
    }

    [Fact]
    public void Table_FileNameWithLineBreak_StaysOnOneLine()
    {
        using var writer = new StringWriter();
        var report = new TableReport(writer, new StageTimes());

        report.Add(new Detection("two\nlines", null, TimeSpan.Zero, "not\r\nhere"));
        report.Finish();

        writer.ToString().Split(Environment.NewLine).Should().Contain("two?lines  error: not??here");
    }
}
