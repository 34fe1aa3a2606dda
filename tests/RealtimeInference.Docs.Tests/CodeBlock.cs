using System.Text.RegularExpressions;

namespace RealtimeInference.Docs.Tests;

/// <summary>
/// One C# block of a page. A comment in the line before says what to do with it: <c>&lt;!-- compile --&gt;</c> compiles it
/// without running it; nothing, or <c>&lt;!-- run --&gt;</c>, runs it. A <c>text</c> block right after <c>&lt;!-- prints --&gt;</c> is
/// what it must print.
/// </summary>
public sealed partial record CodeBlock(string Page, int Line, string Code, bool IsRun, string? Output)
{
    public static IEnumerable<CodeBlock> ReadAll(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string text = File.ReadAllText(file).ReplaceLineEndings("\n");
            string page = Path.GetRelativePath(folder, file).Replace('\\', '/');
            foreach (Match match in Block().Matches(text))
            {
                yield return new CodeBlock(
                    page,
                    text.AsSpan(0, match.Groups["code"].Index).Count('\n') + 1,
                    match.Groups["code"].Value,
                    match.Groups["mark"].Value != "compile",
                    match.Groups["output"].Success ? match.Groups["output"].Value : null);
            }
        }
    }

    public override string ToString() => $"{Page}:{Line}";

    [GeneratedRegex(
        """(?:<!-- (?<mark>\w+) -->\n)?```csharp\n(?<code>.*?)\n```(?:\n+<!-- prints -->\n```text\n(?<output>.*?)\n```)?""",
        RegexOptions.Singleline)]
    private static partial Regex Block();
}
