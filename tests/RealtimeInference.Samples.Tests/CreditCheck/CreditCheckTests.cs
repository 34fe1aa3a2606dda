using RealtimeInference.Redis.Tests;

namespace RealtimeInference.Samples.Tests;

/// <summary>The sample as its user runs it.</summary>
public sealed class CreditCheckTests
{
    [Fact]
    public async Task Run_AllApplicants_ScoresAreTheReferences()
    {
        using var folder = new TempFolder();

        QuickStartProcess process = await QuickStartProcess.RunAsync(folder, [], program: "CreditCheck");

        process.ExitCode.Should().Be(0, process.Errors);
        DecisionLine[] lines = DecisionLine.ReadAll(process.Output);
        lines.Select(static l => l.Id).Should().Equal(CreditFiles.Applicants.Select(static a => a["id"]!));
        lines.Should().OnlyContain(static l => !l.HasDefaults);
        CheckScores(lines, CreditFiles.Reference.Count);
        lines.Should().OnlyContain(static l => l.Outcome == (l.Score < 0.2f ? "Approve" : l.Score < 0.5f ? "Refer" : "Decline"));
        lines.Should().OnlyContain(static l => l.Outcome != "Approve" || l.Reasons.Length == 0);

        string[] stages = [.. process.Output.SkipWhile(static l => !l.StartsWith("stage ", StringComparison.Ordinal)).Select(static l => l.Split(' ')[0])];
        stages.Should().Contain(["validate", "features", "preprocess", "run", "postprocess", "explain", "total"]);
        process.Output[^1].Should().StartWith("1000 decisions: ").And.Contain(
            $"{lines.Count(static l => l.Outcome == "Decline")} declined").And.Contain("budget of 50 ms");
    }

    [Fact]
    public async Task Run_ADeclinedApplicant_ReasonsAreTheLargestChanges()
    {
        using var folder = new TempFolder();
        QuickStartProcess process = await QuickStartProcess.RunAsync(folder, ["60"], program: "CreditCheck");
        DecisionLine[] declined = [.. DecisionLine.ReadAll(process.Output).Where(static l => l.Outcome == "Decline")];
        declined.Should().HaveCountGreaterThan(3);

        // Another encoder, no batches, what is typical worked out anew.
        FeatureSpecification specification = FeatureSpecification.Load(Path.Combine(CreditFiles.Folder, "features.json"));
        using OnnxModel model = OnnxModel.Load(Path.Combine(CreditFiles.Folder, "model.onnx"));
        IPredictor<IReadOnlyDictionary<string, string?>, float> scorer = Predictor.For<IReadOnlyDictionary<string, string?>>()
            .Preprocess(specification.CreateTextEncoder())
            .RunUnbatched(model)
            .Postprocess(static (_, outputs) => outputs.Get<float>("probability_bad")[0])
            .Build();

        foreach (DecisionLine line in declined)
        {
            Dictionary<string, string?> applicant = CreditFiles.Applicants.Single(a => a["id"] == line.Id);
            float score = await scorer.PredictAsync(applicant);
            var changes = new List<(string Input, float Change)>();
            foreach (string column in specification.Columns)
            {
                var variant = new Dictionary<string, string?>(applicant) { [column] = CreditFiles.TypicalOf(column) };
                changes.Add((column, score - await scorer.PredictAsync(variant)));
            }

            (string Input, float Change)[] expected = [.. changes.OrderByDescending(static c => c.Change).Take(3).Where(static c => c.Change > 1e-5f)];
            expected.Should().NotBeEmpty();
            line.Reasons.Take(expected.Length).Select(static r => r.Input).Should().Equal(expected.Select(static r => r.Input), line.Id);
            foreach ((int i, (_, float change)) in expected.Index())
            {
                line.Reasons[i].Change.Should().BeApproximately(change, 1e-5f, line.Id);
            }
        }
    }

    [Fact]
    public async Task Run_Redis_ScoresAreTheReferences()
    {
        using var folder = new TempFolder();
        using ITestServer server = TestServers.Start();

        QuickStartProcess process = await QuickStartProcess.RunAsync(folder, ["--redis", $"127.0.0.1:{server.Port}"], program: "CreditCheck");

        process.ExitCode.Should().Be(0, process.Errors);
        DecisionLine[] lines = DecisionLine.ReadAll(process.Output);
        lines.Should().HaveCount(1000);

        // A busy machine may be slower than the lookup's time budget; such rows say so, and are nobody's alone to decide.
        lines.Should().Contain(static l => !l.HasDefaults).And.OnlyContain(static l => !l.HasDefaults || l.Outcome == "Refer");
        CheckScores([.. lines.Where(static l => !l.HasDefaults)], atLeast: 1);
    }

    [Fact]
    public async Task Run_RedisThatIsNotThere_SaysSo()
    {
        using var folder = new TempFolder();

        QuickStartProcess process = await QuickStartProcess.RunAsync(folder, ["--redis", "127.0.0.1:1"], program: "CreditCheck");

        process.ExitCode.Should().Be(1);
        process.Errors.Should().StartWith("No customers from Redis: ");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("0")]
    [InlineData("--redis")]
    public async Task Run_WrongUsage_SaysSo(string argument)
    {
        using var folder = new TempFolder();

        QuickStartProcess process = await QuickStartProcess.RunAsync(folder, [argument], program: "CreditCheck");

        process.ExitCode.Should().Be(2);
        process.Errors.Should().StartWith("Usage:");
    }

    private static void CheckScores(DecisionLine[] lines, int atLeast)
    {
        DecisionLine[] known = [.. lines.Where(static l => CreditFiles.Reference.ContainsKey(l.Id))];
        known.Should().HaveCountGreaterThanOrEqualTo(atLeast);
        foreach (DecisionLine line in known)
        {
            line.Score.Should().BeApproximately(CreditFiles.Reference[line.Id], 1e-5f, line.Id);
        }
    }
}
