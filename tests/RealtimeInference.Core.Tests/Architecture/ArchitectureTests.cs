using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace RealtimeInference.Core.Tests.Architecture;

/// <summary>What the folders of the library may know of each other, read from its sources.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] s_abstractions = ["Pipeline", "Models", "Validation", "Errors"];
    private static readonly string[] s_details = ["Admission", "Batching", "Bulk", "Caching", "Onnx", "ExecutionProviders", "Features", "DependencyInjection", "Tabular"];
    private static readonly string s_core = Path.Combine(FindRoot(), "src", "RealtimeInference.Core");

    public static TheoryData<string> Abstractions => [.. s_abstractions];

    [Fact]
    public void Sources_Folders_AreAllCovered()
    {
        // A new folder must be put on one side or the other.
        Sources("").Select(static path => Path.GetRelativePath(s_core, path).Split(Path.DirectorySeparatorChar)[0]).Distinct()
            .Should().BeEquivalentTo(s_abstractions.Concat(s_details));
    }

    [Theory]
    [MemberData(nameof(Abstractions))]
    public void Sources_OfTheAbstractions_DoNotNameTheDetails(string folder)
    {
        HashSet<string> details = [.. s_details.SelectMany(Sources).SelectMany(static path => DeclaredTypes(Code(path), publicOnly: false))];
        details.Should().Contain(["OnnxModel", "OnnxRunner", "ExecutionProvider", "CudaOptions", "IRealtimeInferenceBuilder", "ModelRegistry"]);
        string[] sources = [.. Sources(folder)];
        sources.Should().NotBeEmpty();

        foreach (string path in sources)
        {
            Words().Matches(Code(path)).Select(static m => m.Value).Where(details.Contains).Distinct()
                .Should().BeEmpty("{0} is independent of where models come from", Path.GetRelativePath(s_core, path));
        }
    }

    [Theory]
    [MemberData(nameof(Abstractions))]
    public void Sources_OfTheAbstractions_DoNotUseTheRuntime(string folder)
    {
        // The one exception: it maps Float16 and BFloat16, plain values that .NET has no types of its own for.
        foreach (string path in Sources(folder).Where(static path => Path.GetFileName(path) != "ElementTypes.cs"))
        {
            Code(path).Should().NotContain("Microsoft.ML.", "{0} is independent of any runtime", Path.GetRelativePath(s_core, path))
                .And.NotContain("Microsoft.Extensions.DependencyInjection");
        }
    }

    [Fact]
    public void Sources_PublicTypes_HaveAFileEach()
    {
        foreach (string path in Sources(""))
        {
            string[] types = [.. DeclaredTypes(Code(path), publicOnly: true).Distinct()];
            string file = Path.GetRelativePath(s_core, path);

            types.Length.Should().BeLessThanOrEqualTo(1, "{0} declares {1}", file, string.Join(", ", types));
            if (types is [{ } type])
            {
                Path.GetFileName(path).Split('.')[0].Should().Be(type, "{0} is named for its type", file);
            }
        }
    }

    [Fact]
    public void Sources_Files_AreShort()
    {
        Sources("").Select(static path => (Path.GetRelativePath(s_core, path), File.ReadLines(path).Count()))
            .Where(static file => file.Item2 > 400)
            .Should().BeEmpty();
    }

    [Fact]
    public void Project_Packages_HoldNothingNative()
    {
        XDocument project = XDocument.Load(Path.Combine(s_core, "RealtimeInference.Core.csproj"));
        string[] packages = [.. project.Descendants("PackageReference").Select(static p => p.Attribute("Include")!.Value)];

        packages.Should().Contain("Microsoft.ML.OnnxRuntime.Managed");
        packages.Should().OnlyContain(static p =>
            p == "Microsoft.ML.OnnxRuntime.Managed"
            || p == "Microsoft.Extensions.Caching.Memory"
            || p.StartsWith("System.", StringComparison.Ordinal)
            || (p.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) && p.EndsWith(".Abstractions", StringComparison.Ordinal)));
        project.Descendants("ProjectReference").Should().OnlyContain(
            static p => p.Attribute("ReferenceOutputAssembly")!.Value == "false", "another project could bring the native runtime along");
        project.Descendants("NativeReference").Should().BeEmpty();
    }

    [Fact]
    public void Code_CommentsAndStrings_OnlyCommentsAreTakenOut()
    {
        const string source = """
            /// <summary>See OnnxModel.</summary>
            public sealed class A // OnnxModel
            {
                /* OnnxModel
                   OnnxModel */
                string Url => "https://example.org" + OnnxModelOptions.Name + '"' + "\"//";
            }
            internal readonly record struct B(int C);
            public delegate TOut D<in T, out TOut>(T input);
            public enum E { }
            """;

        string code = WithoutComments(source);

        Words().Matches(code).Select(static m => m.Value).Should().NotContain("OnnxModel").And.Contain("OnnxModelOptions");
        code.Should().Contain("https://example.org").And.Contain("\\\"//");
        DeclaredTypes(code, publicOnly: false).Should().Equal("A", "B", "D", "E");
        DeclaredTypes(code, publicOnly: true).Should().Equal("A", "D", "E");
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RealtimeInference.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds RealtimeInference.sln.");
    }

    private static IEnumerable<string> Sources(string folder) => Directory
        .EnumerateFiles(Path.Combine(s_core, folder), "*.cs", SearchOption.AllDirectories)
        .Where(static path => Path.GetRelativePath(s_core, path).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"));

    private static string Code(string path) => WithoutComments(File.ReadAllText(path));

    private static string WithoutComments(string source) =>
        CommentsAndLiterals().Replace(source, static m => m.Value.StartsWith('/') ? " " : m.Value);

    /// <summary>The types of a file, without those nested in others: namespaces are file-scoped, so they are not indented.</summary>
    private static IEnumerable<string> DeclaredTypes(string code, bool publicOnly) => Declarations().Matches(code)
        .Where(m => !publicOnly || m.Groups["modifiers"].Value.Contains("public", StringComparison.Ordinal))
        .Select(static m => m.Groups["name"].Value);

    [GeneratedRegex(@"""""""[\s\S]*?""""""|@""(?:""""|[^""])*""|""(?:\\.|[^""\\\n])*""|'(?:\\.|[^'\\\n])+'|//[^\n]*|/\*[\s\S]*?\*/")]
    private static partial Regex CommentsAndLiterals();

    [GeneratedRegex(
        @"^(?<modifiers>(?:(?:public|internal|file|static|abstract|sealed|readonly|ref|partial|unsafe)\s+)*)" +
        @"(?:(?:record\s+struct|record\s+class|record|class|struct|interface|enum)\s+|delegate\s+[\w<>\[\]?,. ]+?\s+)(?<name>\w+)",
        RegexOptions.Multiline)]
    private static partial Regex Declarations();

    [GeneratedRegex(@"\b[A-Za-z_]\w*\b")]
    private static partial Regex Words();
}
