using System.Text.RegularExpressions;

namespace RealtimeInference.Docs.Tests;

// One class: the console and the current folder are the process's, so blocks run one after the other.
public sealed partial class PagesTests
{
    private static readonly string s_pages = Path.Combine(AppContext.BaseDirectory, "pages");

    public static TheoryData<string> Blocks => [.. CodeBlock.ReadAll(s_pages).Select(static b => b.ToString())];

    [Fact]
    public void ReadAll_OurPages_FindsBlocksInEachThatMustHaveSome()
    {
        CodeBlock.ReadAll(s_pages).Select(static b => b.Page).Should().Contain(
            ["README.md", "docs/getting-started.md", "docs/pipeline.md", "docs/models.md", "docs/execution-providers.md", "docs/admission.md", "docs/batching.md", "docs/bulk.md", "docs/features.md", "docs/caching.md", "docs/tabular.md", "docs/features-redis.md"]);
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Block_AsWritten_CompilesAndRuns(string name)
    {
        CodeBlock block = CodeBlock.ReadAll(s_pages).Single(b => b.ToString() == name);

        (byte[] assembly, string[] errors) = CodeRunner.Compile(block);
        errors.Should().BeEmpty("{0} must compile without a warning", name);
        if (block.IsRun)
        {
            string output = await CodeRunner.RunAsync(assembly);
            if (block.Output is not null)
            {
                output.Should().Be(block.Output);
            }
        }
    }

    [Fact]
    public void Blocks_OfSamples_AreTheirCode()
    {
        foreach (string sample in Directory.EnumerateDirectories(Path.Combine(FindRoot(), "samples")).Where(static s => !s.EndsWith("models", StringComparison.Ordinal)))
        {
            string[] sources = [.. Directory.EnumerateFiles(sample, "*.cs", SearchOption.AllDirectories).Select(static f => WithoutSpace(File.ReadAllText(f)))];
            CodeBlock[] blocks = [.. CodeBlock.ReadAll(sample).Where(static b => b.Page == "README.md")];

            blocks.Should().NotBeEmpty("the page of {0} shows its code", sample);
            foreach (CodeBlock block in blocks)
            {
                string code = WithoutSpace(block.Code);
                sources.Should().Contain(source => source.Contains(code), "{0} of {1} is quoted", block, sample);
            }
        }

        static string WithoutSpace(string text) => string.Concat(text.Where(static c => !char.IsWhiteSpace(c)));
    }

    [Fact]
    public void Links_ToFilesOfTheRepository_Exist()
    {
        string root = FindRoot();
        string[] broken =
        [
            .. new[] { "docs", "samples" }
                .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.md", SearchOption.AllDirectories))
                .Append(Path.Combine(root, "README.md"))
                .SelectMany(static file => Link().Matches(File.ReadAllText(file)).Select(m => (File: file, Target: m.Groups["target"].Value)))
                .Where(static l => !l.Target.Contains("://", StringComparison.Ordinal))
                .Where(static l => !Path.Exists(Path.Combine(Path.GetDirectoryName(l.File)!, l.Target)))
                .Select(static l => $"{l.File}: {l.Target}"),
        ];
        broken.Should().BeEmpty();
    }

    private static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "RealtimeInference.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        }

        return folder;
    }

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
