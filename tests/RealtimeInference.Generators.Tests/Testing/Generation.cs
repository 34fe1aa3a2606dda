using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace RealtimeInference.Generators.Tests.Testing;

/// <summary>The generator at work on a source text, as the compiler runs it.</summary>
internal sealed class Generation
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using RealtimeInference;
        """;

    // Without the generator itself, as in a user's project.
    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => !path.EndsWith("RealtimeInference.Generators.dll", StringComparison.Ordinal))
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.CSharp14);
    private readonly Compilation _output;

    private Generation(GeneratorDriver driver, Compilation output)
    {
        Driver = driver;
        _output = output;
        Diagnostics = driver.GetRunResult().Diagnostics;
    }

    public GeneratorDriver Driver { get; }

    /// <summary>Gets what the generator reports.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    public IReadOnlyList<string> Sources => [.. Driver.GetRunResult().GeneratedTrees.Select(static t => t.ToString())];

    public static Generation Run(string source, params (string Path, string Text)[] files)
    {
        GeneratorDriver driver = CreateDriver(files).RunGeneratorsAndUpdateCompilation(Compile(source), out Compilation output, out _);
        return new Generation(driver, output);
    }

    public static CSharpCompilation Compile(params string[] sources) => CSharpCompilation.Create(
        "generated",
        [.. sources.Prepend(Usings).Select(static (text, i) => CSharpSyntaxTree.ParseText(SourceText.From(text), s_parse, path: $"{i}.cs"))],
        s_references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    public static GeneratorDriver CreateDriver(params (string Path, string Text)[] files) => CSharpGeneratorDriver.Create(
        [new TabularEncoderGenerator().AsSourceGenerator()],
        [.. files.Select(static f => new File(f.Path, f.Text))],
        s_parse,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public static AdditionalText Text(string path, string text) => new File(path, text);

    /// <summary>Compiles it all, without a warning, and loads it.</summary>
    public Assembly Load()
    {
        Diagnostics.Should().BeEmpty();
        using var stream = new MemoryStream();
        _output.Emit(stream).Diagnostics.Where(static d => d.Severity >= DiagnosticSeverity.Warning).Should().BeEmpty();
        stream.Position = 0;
        return new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(stream);
    }

    private sealed class File(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
