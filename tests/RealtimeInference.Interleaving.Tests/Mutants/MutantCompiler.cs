using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace RealtimeInference.Interleaving.Tests;

/// <summary>Compiles the linked production files and the harness once more, with a fault in them.</summary>
internal static class MutantCompiler
{
    // What the build adds by itself.
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;" +
        "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Latest, preprocessorSymbols: ["INTERLEAVED"]);

    // Under the same name, to which the library shows its internals.
    private static readonly string s_name = typeof(MutantCompiler).Assembly.GetName().Name!;

    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetFileNameWithoutExtension(path) != s_name)
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Runs the same scenarios over the mutant.</summary>
    /// <returns>How many schedules were run, and the failure; null for none.</returns>
    public static (int Schedules, string? Failure) Explore(Mutant? mutant, int schedules)
    {
        var context = new AssemblyLoadContext(mutant?.Name ?? "as it is", isCollectible: true);
        try
        {
            using var image = new MemoryStream(Compile(mutant));
            Type explorer = context.LoadFromStream(image).GetType(typeof(Explorer).FullName!)!;
            return ((int, string?))explorer.GetMethod(nameof(Explorer.ExploreAll))!.Invoke(null, [schedules, 1, mutant?.Scenario, null])!;
        }
        finally
        {
            context.Unload();
        }
    }

    private static byte[] Compile(Mutant? mutant)
    {
        IEnumerable<string> paths = GetFolder("Linked").Split(';').Concat(
            new[] { "Controlled", "Kernel", "Scenarios" }.SelectMany(static f => Directory.GetFiles(Path.Combine(GetFolder("Harness"), f), "*.cs")))
            .Append(Path.Combine(GetFolder("Harness"), "Usings.cs"));
        IEnumerable<SyntaxTree> trees = paths
            .Select(path => CSharpSyntaxTree.ParseText(Mutate(path, mutant), s_parse, path))
            .Append(CSharpSyntaxTree.ParseText(ImplicitUsings, s_parse));
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);
        using var image = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = CSharpCompilation.Create(s_name, trees, s_references, options).Emit(image);
        result.Success.Should().BeTrue(string.Join(Environment.NewLine, result.Diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Error)));
        return image.ToArray();
    }

    private static string Mutate(string path, Mutant? mutant)
    {
        string text = File.ReadAllText(path);
        if (mutant is null || Path.GetFileName(path) != mutant.File)
        {
            return text;
        }

        string pattern = string.Join("\\s+", mutant.Original.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Regex.Escape));
        Regex.Count(text, pattern).Should().Be(1, $"'{mutant.Name}' is put in where {mutant.File} has this once");
        return Regex.Replace(text, pattern, mutant.Replacement.Replace("$", "$$"));
    }

    private static string GetFolder(string key) =>
        typeof(MutantCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
