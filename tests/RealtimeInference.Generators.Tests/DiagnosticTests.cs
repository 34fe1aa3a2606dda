using Microsoft.CodeAnalysis;
using RealtimeInference.Generators.Tests.Testing;

namespace RealtimeInference.Generators.Tests;

/// <summary>Wrong attributes are errors of the compiler, each at its place.</summary>
public sealed class DiagnosticTests
{
    [Theory]
    [InlineData("RTI001", "class Outer { [TabularInput] public class Row { [Number] public double A { get; } } }", "TabularInput", "'Row' is nested in 'Outer'")]
    [InlineData("RTI001", "[TabularInput] class Row<T> { [Number] public double A { get; } }", "TabularInput", "'Row' is generic")]
    [InlineData("RTI001", "[TabularInput] static class Row { }", "TabularInput", "'Row' is static")]
    [InlineData("RTI001", "[TabularInput] ref struct Row { [Number] public double A { get; } }", "TabularInput", "'Row' is a ref struct")]
    [InlineData("RTI001", "[TabularInput] file class Row { [Number] public double A { get; } }", "TabularInput", "'Row' is local to its file")]
    [InlineData("RTI002", "[TabularInput] class Row { public double A { get; } }", "TabularInput", "'Row' has no features. Put [Number]")]
    [InlineData("RTI003", "[TabularInput] class Row { [Number, Bucket(1)] public double A { get; } }", "Bucket(1)", "'A' has 2 encodings, [Number] and [Bucket], expected one")]
    [InlineData("RTI004", "[TabularInput] class Row { [Number] public string A { get; } = \"\"; }", "Number", "'A' is of type string, but a number is made of a numeric type")]
    [InlineData("RTI004", "[TabularInput] class Row { [Boolean] public int A { get; } }", "Boolean", "'A' is of type int, but a boolean is made of bool")]
    [InlineData("RTI004", "[TabularInput] class Row { [Category(\"1\")] public int A { get; } }", "Category(\"1\")", "'A' is of type int, but a category is made of string or an enum")]
    [InlineData("RTI004", "[TabularInput] class Row { [HashedCategory(9)] public DayOfWeek A { get; } }", "HashedCategory(9)", "'A' is of type System.DayOfWeek, but a hashed category is made of string")]
    [InlineData("RTI004", "[TabularInput] class Row { [DateParts(DatePart.Hour)] public TimeSpan A { get; } }", "DateParts(DatePart.Hour)", "'A' is of type System.TimeSpan, but a date is made of DateTime")]
    [InlineData("RTI005", "[TabularInput] class Row { [Number] public static double A { get; } }", "A", "'A' cannot be read from an encoder")]
    [InlineData("RTI005", "[TabularInput] class Row { [Number] private double A { get; } }", "A", "'A' cannot be read from an encoder")]
    [InlineData("RTI005", "[TabularInput] class Row { [Number] public double A { set { } } }", "A", "'A' cannot be read from an encoder")]
    [InlineData("RTI005", "[TabularInput] class Row { [Number] public double this[int i] => i; }", "this", "cannot be read from an encoder")]
    [InlineData("RTI006", "[TabularInput] class Row { [Number(Mean = 1, Std = 0)] public double A { get; } }", "Number(Mean = 1, Std = 0)", "Std of 'A': found 0, expected a number above 0")]
    [InlineData("RTI006", "[TabularInput] class Row { [Number(Mean = 1)] public double A { get; } }", "Number(Mean = 1)", "Std of 'A': is missing, expected a number")]
    [InlineData("RTI006", "[TabularInput] class Row { [Number(Mean = double.NaN, Std = 1)] public double A { get; } }", "Number(Mean = double.NaN, Std = 1)", "Mean of 'A': found NaN, expected a finite number")]
    [InlineData("RTI006", "[TabularInput] class Row { [Number(Mean = 1, Std = 1, Min = 0)] public double A { get; } }", "Number(Mean = 1, Std = 1, Min = 0)", "Min of 'A': means nothing for a number with the transform 'standardize'")]
    [InlineData("RTI006", "[TabularInput] class Row { [Number(ClipMin = 3, ClipMax = 1)] public double A { get; } }", "Number(ClipMin = 3, ClipMax = 1)", "ClipMax of 'A': found 1")]
    [InlineData("RTI006", "[TabularInput] class Row { [Bucket(1, 3, 2)] public double A { get; } }", "Bucket(1, 3, 2)", "Boundaries of 'A': found 2 after 3")]
    [InlineData("RTI006", "[TabularInput] class Row { [Bucket] public double A { get; } }", "Bucket", "Boundaries of 'A': found none")]
    [InlineData("RTI006", "[TabularInput] class Row { [Category(\"x\", \"y\", \"x\")] public string? A { get; } }", "Category(\"x\", \"y\", \"x\")", "Categories of 'A': found 'x' twice")]
    [InlineData("RTI006", "[TabularInput] class Row { [Category(\"x\", \"\")] public string? A { get; } }", "Category(\"x\", \"\")", "Categories of 'A': found an empty one")]
    [InlineData("RTI006", "[TabularInput] class Row { [Category] public string? A { get; } }", "Category", "Categories of 'A': found none")]
    [InlineData("RTI006", "[TabularInput] class Row { [Category(\"Monday\", \"Mo\")] public DayOfWeek A { get; } }", "Category(\"Monday\", \"Mo\")", "The category 'Mo' of 'A' is no member of System.DayOfWeek, which has 'Sunday'")]
    [InlineData("RTI006", "enum E { A, B = 0 } [TabularInput] class Row { [Category(\"A\", \"B\")] public E A { get; } }", "Category(\"A\", \"B\")", "The categories 'A' and 'B' of 'A' are one value of E")]
    [InlineData("RTI006", "[TabularInput] class Row { [HashedCategory(0)] public string? A { get; } }", "HashedCategory(0)", "Buckets of 'A': found 0")]
    [InlineData("RTI006", "[TabularInput] class Row { [DateParts(DatePart.Year, Cyclical = true)] public DateTime A { get; } }", "DateParts(DatePart.Year, Cyclical = true)", "Parts of 'A': found 'year', which never comes back")]
    [InlineData("RTI006", "[TabularInput] class Row { [DateParts((DatePart)99)] public DateTime A { get; } }", "DateParts((DatePart)99)", "Parts of 'A': found '?'")]
    [InlineData("RTI006", "[TabularInput] class Row { [Number(Missing = MissingPolicy.Default)] public double A { get; } }", "Number(Missing = MissingPolicy.Default)", "Default of 'A': is missing")]
    [InlineData("RTI006", "[TabularInput] class Row { [Number(Default = 3)] public double A { get; } }", "Number(Default = 3)", "Default of 'A': means nothing while")]
    [InlineData("RTI007", "[TabularInput] class Row { [Number, FeatureName(\"x\")] public double A { get; } [Number, FeatureName(\"x\")] public double B { get; } }", "Number", "found a second feature 'x'")]
    [InlineData("RTI007", "[TabularInput(\"t\"), TabularTensor(\"t\", TensorElementType.Int64)] class Row { [Number] public double A { get; } }", "Number", "'A' makes fractions, and the tensor 't' holds int64")]
    [InlineData("RTI008", "[TabularInput(Specification = \"no.json\")] class Row { public double a { get; } }", "TabularInput(Specification = \"no.json\")", "The project has no specification file 'no.json'. Add <AdditionalFiles Include=\"no.json\" />")]
    [InlineData("RTI008", "[TabularInput(Specification = \"two.json\")] class Row { public double a { get; } }", "TabularInput(Specification = \"two.json\")", "The project has 2 files 'two.json': /x/two.json, /y/two.json. Write more of the path")]
    [InlineData("RTI010", "[TabularInput(Specification = \"one.json\")] class Row { public double A { get; } }", "TabularInput(Specification = \"one.json\")", "The number 'a' of 'one.json' has no property in 'Row'. Add one of that name, or put [FeatureName(\"a\")] on it.")]
    [InlineData("RTI004", "[TabularInput(Specification = \"one.json\")] class Row { public string? a { get; } }", "a", "'a' is of type string, but a number is made of a numeric type")]
    [InlineData("RTI007", "[TabularInput(Specification = \"one.json\")] class Row { public double a { get; } [FeatureName(\"a\")] public double B { get; } }", "B", "The feature 'a' has 2 properties, a and B, expected one")]
    [InlineData("RTI011", "[TabularInput(Specification = \"one.json\")] class Row { [Number] public double a { get; } }", "Number", "'a' has the encoding [Number], but the file 'one.json' says what is encoded")]
    [InlineData("RTI011", "[TabularInput(\"t\", Specification = \"one.json\")] class Row { public double a { get; } }", "TabularInput(\"t\", Specification = \"one.json\")", "take 't' out of the attribute")]
    [InlineData("RTI011", "[TabularInput(Specification = \"one.json\"), TabularTensor(\"features\", TensorElementType.Float32)] class Row { public double a { get; } }", "TabularTensor(\"features\", TensorElementType.Float32)", "take the attribute out")]
    [InlineData("RTI012", "[TabularInput, TabularTensor(\"features\", TensorElementType.Float64)] class Row { [Number] public double A { get; } }", "TabularTensor(\"features\", TensorElementType.Float64)", "declared with elements of Float64, expected TensorElementType.Float32 or TensorElementType.Int64")]
    [InlineData("RTI012", "[TabularInput, TabularTensor(\"ids\", TensorElementType.Int64)] class Row { [Number] public double A { get; } }", "TabularTensor(\"ids\", TensorElementType.Int64)", "'ids' is declared, but no feature goes to it. There are features for 'features'")]
    [InlineData("RTI012", "[TabularInput, TabularTensor(\"features\", TensorElementType.Float32), TabularTensor(\"features\", TensorElementType.Int64)] class Row { [Boolean] public bool A { get; } }", "TabularTensor(\"features\", TensorElementType.Int64)", "declared twice")]
    [InlineData("RTI013", "class RowEncoder { } [TabularInput] class Row { [Number] public double A { get; } }", "TabularInput", "would be called 'RowEncoder', and there is a type of that name")]
    public void Generate_AFault_IsAnErrorWhereItStands(string id, string source, string at, string message)
    {
        var generation = Generation.Run(
            source,
            ("/p/one.json", """{ "inputs": [ { "name": "a", "type": "number" } ] }"""),
            ("/x/two.json", """{ "inputs": [ { "name": "a", "type": "number" } ] }"""),
            ("/y/two.json", """{ "inputs": [ { "name": "a", "type": "number" } ] }"""));

        Diagnostic diagnostic = generation.Diagnostics.Should().ContainSingle().Which;
        diagnostic.Id.Should().Be(id);
        diagnostic.Severity.Should().Be(DiagnosticSeverity.Error);
        diagnostic.GetMessage(null).Should().Contain(message);
        source.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length).Should().Be(at);
        diagnostic.Location.GetLineSpan().Path.Should().Be("1.cs");
        generation.Sources.Should().BeEmpty("nothing is written from what is wrong");
    }

    [Fact]
    public void Generate_FaultsInTheFile_AreErrorsThere()
    {
        const string json = """
            {
              "inputs": [
                { "name": "a", "type": "number", "mean": 1, "std": 0 },
                { "name": "b", "type": "category" }
              ]
            }
            """;

        var generation = Generation.Run("[TabularInput(Specification = \"f.json\")] class Row { public double a { get; } }", ("/p/f.json", json));

        generation.Diagnostics.Select(static d => (d.Id, d.Location.GetLineSpan().Path, d.Location.GetLineSpan().StartLinePosition.Line)).Should().Equal(
            ("RTI009", "/p/f.json", 2), ("RTI009", "/p/f.json", 3));
        generation.Diagnostics[0].GetMessage(null).Should().Be(
            "inputs[0].std: found 0, expected a number above 0; a column that never changes tells a model nothing, leave it out (feature 'a').");
    }

    [Fact]
    public void Generate_FileThatNobodyNames_IsNotLookedAt()
    {
        Generation.Run("[TabularInput] class Row { [Number] public double A { get; } }", ("/p/package.json", "not even JSON")).Diagnostics.Should().BeEmpty();
    }

    [Fact]
    public void Generate_ManyFaults_AreAllReported()
    {
        var generation = Generation.Run("[TabularInput] class Row { [Number(Std = -1)] public double A { get; } [Boolean] public int B { get; } [Bucket(2, 1)] public int C { get; } }");

        generation.Diagnostics.Select(static d => d.Id).Should().BeEquivalentTo("RTI006", "RTI006", "RTI006", "RTI004");
    }
}
