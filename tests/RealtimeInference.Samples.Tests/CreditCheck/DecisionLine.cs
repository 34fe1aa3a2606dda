using System.Globalization;
using System.Text.RegularExpressions;

namespace RealtimeInference.Samples.Tests;

/// <summary>What the sample printed about one application.</summary>
internal sealed partial record DecisionLine(string Id, string Outcome, float Score, bool HasDefaults, (string Input, float Change)[] Reasons)
{
    public static DecisionLine[] ReadAll(string[] output) => [.. output.Select(static line => Pattern().Match(line)).Where(static m => m.Success).Select(Read)];

    private static DecisionLine Read(Match match) => new(
        match.Groups["id"].Value,
        match.Groups["outcome"].Value,
        ToNumber(match.Groups["score"].Value),
        match.Groups["defaults"].Success,
        [.. match.Groups["reason"].Captures.Zip(match.Groups["change"].Captures, static (r, c) => (r.Value, ToNumber(c.Value)))]);

    private static float ToNumber(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<id>applicant-\d+): (?<outcome>\w+) at (?<score>[\d.]+)(?<defaults> \(with defaults\))?(:? (?<reason>\w+) \+(?<change>[\d.]+),?)*$")]
    private static partial Regex Pattern();
}
