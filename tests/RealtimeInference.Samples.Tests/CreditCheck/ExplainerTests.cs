using System.Globalization;
using CreditCheck;

namespace RealtimeInference.Samples.Tests;

/// <summary>The parts of the sample that a run does not show.</summary>
public sealed class ExplainerTests
{
    [Fact]
    public void Typical_EachColumn_IsTheFiles()
    {
        FeatureSpecification specification = FeatureSpecification.Load(Path.Combine(CreditFiles.Folder, "features.json"));
        foreach (string column in specification.Columns)
        {
            object value = typeof(Applicant).GetProperty(column)!.GetValue(Applicant.Typical)!;
            string text = value is bool isTrue ? (isTrue ? "1" : "0") : Convert.ToString(value, CultureInfo.InvariantCulture)!;
            text.Should().Be(CreditFiles.TypicalOf(column), column);
        }
    }

    [Fact]
    public async Task ExplainAsync_Variants_ShareRuns()
    {
        using OnnxModel model = OnnxModel.Load(Path.Combine(CreditFiles.Folder, "model.onnx"));
        var counting = new CountingModel(model);
        var explainer = new Explainer(counting);
        int before = counting.Rents;

        const int Times = 50;
        for (int i = 0; i < Times; i++)
        {
            await explainer.ExplainAsync(Applicant.Typical with { Duration = 48, Amount = 9000 }, 0.9f, CancellationToken.None);
        }

        (counting.Rents - before).Should().BeInRange(1, Times * 20 / 2, "20 variants each");
    }
}
