using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using RealtimeInference.Generators.Tests.Testing;

namespace RealtimeInference.Generators.Tests;

/// <summary>What a keystroke elsewhere must not cause.</summary>
public sealed class IncrementalityTests
{
    private const string Json = """{ "inputs": [ { "name": "A", "type": "number", "mean": 1, "std": 2 } ] }""";

    private const string Source = """
        [TabularInput] public record First([Number(Mean = 1, Std = 2)] double A, [Category("x", "y")] string? B, [DateParts(DatePart.Hour)] DateTime C);
        [TabularInput(Specification = "f.json")] public class Second { public double A { get; set; } }
        """;

    [Fact]
    public void Run_EditInAnotherFile_DoesNothingAgain()
    {
        CSharpCompilation before = Generation.Compile(Source, "class Other { }");
        GeneratorDriver driver = Generation.CreateDriver(("/p/f.json", Json)).RunGenerators(before);

        driver = driver.RunGenerators(Generation.Compile(Source, "class Other { int _x; }"));

        Reasons(driver, "Targets").Should().OnlyContain(static r => r == IncrementalStepRunReason.Unchanged || r == IncrementalStepRunReason.Cached).And.HaveCount(2);
        Reasons(driver, "Encoders").Should().OnlyContain(static r => r == IncrementalStepRunReason.Cached).And.HaveCount(2);
        Outputs(driver).Should().OnlyContain(static r => r == IncrementalStepRunReason.Cached).And.NotBeEmpty();
    }

    [Fact]
    public void Run_EditThatMeansNothing_WritesNoSourceAgain()
    {
        GeneratorDriver driver = Generation.CreateDriver(("/p/f.json", Json)).RunGenerators(Generation.Compile(Source));

        driver = driver.RunGenerators(Generation.Compile("// A comment that moves everything.\n" + Source));

        Reasons(driver, "Encoders").Should().OnlyContain(static r => r == IncrementalStepRunReason.Unchanged).And.HaveCount(2);
        Outputs(driver).Should().OnlyContain(static r => r == IncrementalStepRunReason.Cached).And.NotBeEmpty();
    }

    [Fact]
    public void Run_FileChanges_WritesOnlyItsEncoderAgain()
    {
        CSharpCompilation compilation = Generation.Compile(Source);
        AdditionalText old = Generation.Text("/p/f.json", Json);
        GeneratorDriver driver = Generation.CreateDriver().AddAdditionalTexts([old]).RunGenerators(compilation);
        string[] before = [.. driver.GetRunResult().GeneratedTrees.Select(static t => t.ToString())];

        driver = driver.ReplaceAdditionalText(old, Generation.Text("/p/f.json", Json.Replace("2", "3"))).RunGenerators(compilation);

        Reasons(driver, "Encoders").Should().Equal(IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Modified);
        string[] after = [.. driver.GetRunResult().GeneratedTrees.Select(static t => t.ToString())];
        after[0].Should().Be(before[0]);
        after[1].Should().NotBe(before[1]).And.Contain("/ 3d");
    }

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorDriver driver, string step) =>
        driver.GetRunResult().Results[0].TrackedSteps[step].SelectMany(static s => s.Outputs).Select(static o => o.Reason);

    private static IEnumerable<IncrementalStepRunReason> Outputs(GeneratorDriver driver) =>
        driver.GetRunResult().Results[0].TrackedOutputSteps.SelectMany(static p => p.Value).SelectMany(static s => s.Outputs).Select(static o => o.Reason);
}
