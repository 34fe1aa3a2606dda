using System.Text.RegularExpressions;

namespace RealtimeInference.Core.Tests.Architecture;

/// <summary>The arrows between the folders of Core, read off the sources.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string s_core = Path.Combine(FindRoot(), "src", "RealtimeInference.Core");

    [Theory]
    [InlineData("Pipeline", "Models", "Validation", "Errors")]
    [InlineData("Models", "Errors")]
    [InlineData("Validation", "Errors")]
    [InlineData("Errors", "Models", "Validation")]
    [InlineData("Onnx", "Models", "Pipeline", "Validation", "Errors", "ExecutionProviders")]
    [InlineData("ExecutionProviders", "Models", "Errors")]
    public void Folder_NamesTypes_OnlyOfFoldersItMayKnow(string folder, params string[] known)
    {
        string[] forbidden = [.. Directory.EnumerateDirectories(s_core).Select(static d => Path.GetFileName(d)!)
            .Where(d => d is not ("bin" or "obj") && d != folder && !known.Contains(d))];
        var types = forbidden.SelectMany(static f => Sources(f).SelectMany(static s => DeclaredTypes(s.Text))).ToHashSet();

        string[] arrows = [.. Sources(folder).SelectMany(s => Word().Matches(s.Text).Select(static m => m.Value).Where(types.Contains).Distinct().Select(t => $"{s.Name} -> {t}"))];

        types.Should().NotBeEmpty();
        arrows.Should().BeEmpty();
    }

    [Fact]
    public void Files_OfThePackages_HoldOnePublicTypeAndAreShort()
    {
        foreach ((string name, string text) in Directory.EnumerateDirectories(s_core).Where(static d => !d.EndsWith("obj", StringComparison.Ordinal) && !d.EndsWith("bin", StringComparison.Ordinal))
            .SelectMany(static d => Sources(Path.GetFileName(d))))
        {
            PublicType().Count(text).Should().BeLessThanOrEqualTo(1, name);
            text.Split('\n').Length.Should().BeLessThan(400, name);
        }
    }

    [Fact]
    public void Core_ReferencesNoNativePackage() =>
        File.ReadAllText(Path.Combine(s_core, "RealtimeInference.Core.csproj")).Should()
            .Contain("\"Microsoft.ML.OnnxRuntime.Managed\"").And.NotContain("\"Microsoft.ML.OnnxRuntime\"");

    private static IEnumerable<(string Name, string Text)> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(s_core, folder), "*.cs", SearchOption.AllDirectories)
            .Select(static f => (Path.GetRelativePath(s_core, f), Comment().Replace(File.ReadAllText(f), "")));

    private static IEnumerable<string> DeclaredTypes(string text) => TypeDeclaration().Matches(text).Select(static m => m.Groups["name"].Value);

    private static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "RealtimeInference.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        }

        return folder;
    }

    [GeneratedRegex(@"//[^\n]*|""(?:[^""\\\n]|\\.)*""")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum)\s+(?:struct\s+|class\s+)?(?<name>[A-Z]\w+)|\bdelegate\s+\S+\s+(?<name>[A-Z]\w+)")]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"^public (?:static |sealed |abstract |readonly |ref |partial |unsafe )*(?:class|struct|record|interface|enum|delegate) ", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Word();
}
