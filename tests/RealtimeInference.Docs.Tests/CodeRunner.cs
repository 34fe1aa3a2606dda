using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace RealtimeInference.Docs.Tests;

/// <summary>Compiles a block as a program of its own, and runs it in the folder with the models.</summary>
internal static class CodeRunner
{
    // What the SDK's implicit usings give to an app.
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => !path.EndsWith("RealtimeInference.Generators.dll", StringComparison.Ordinal))
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    public static (byte[] Assembly, string[] Errors) Compile(CodeBlock block)
    {
        var parse = new CSharpParseOptions(LanguageVersion.CSharp14);
        var options = new CSharpCompilationOptions(
            OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: false);
        CSharpCompilation compilation = CSharpCompilation.Create(
            $"block_{block.Line}",
            [
                CSharpSyntaxTree.ParseText(SourceText.From(ImplicitUsings), parse),
                CSharpSyntaxTree.ParseText(SourceText.From(block.Code), parse, path: block.Page),
            ],
            s_references,
            options);

        Compilation generated = Generate(compilation, parse);

        // A block that only declares types is a library.
        if (generated.GetDiagnostics().Any(static d => d.Id == "CS5001"))
        {
            generated = generated.WithOptions(options.WithOutputKind(OutputKind.DynamicallyLinkedLibrary));
        }

        using var stream = new MemoryStream();
        string[] errors =
        [
            .. generated.Emit(stream).Diagnostics
                .Where(static d => d.Severity >= DiagnosticSeverity.Warning && d.Id != "CS8019")
                .Select(d => $"line {block.Line + d.Location.GetLineSpan().StartLinePosition.Line}: {d.Id} {d.GetMessage(null)}"),
        ];
        return (stream.ToArray(), errors);
    }

    public static async Task<string> RunAsync(byte[] assembly)
    {
        var context = new AssemblyLoadContext(null, isCollectible: true);
        TextWriter console = Console.Out;
        string folder = Environment.CurrentDirectory;
        using var output = new StringWriter();
        try
        {
            Environment.CurrentDirectory = Path.Combine(AppContext.BaseDirectory, "work");
            Console.SetOut(output);
            if (context.LoadFromStream(new MemoryStream(assembly)).EntryPoint is { } main)
            {
                object?[] arguments = main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()];

                // The compiler's own entry point of an asynchronous program waits for it.
                await Task.Run(() => main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null));
            }
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = folder;
            context.Unload();
        }

        return output.ToString().ReplaceLineEndings("\n").TrimEnd('\n');
    }

    // What the package's source generator adds to an app that lists its specifications.
    private static Compilation Generate(Compilation compilation, CSharpParseOptions parse)
    {
        AdditionalText[] files = [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "work"), "*.json").Select(static path => new Specification(path))];
        CSharpGeneratorDriver.Create([new TabularEncoderGenerator().AsSourceGenerator()], files, parse)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation generated, out _);
        return generated;
    }

    private sealed class Specification(string path) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(File.ReadAllText(path));
    }
}
