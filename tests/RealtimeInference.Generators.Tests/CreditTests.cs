using System.Globalization;
using RealtimeInference.Core.Tests.Tabular;

namespace RealtimeInference.Generators.Tests;

/// <summary>The credit model on the 200 rows that PyTorch scored, by every encoder.</summary>
public sealed class CreditTests : IDisposable
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "german-credit");

    private readonly OnnxModel _model = OnnxModel.Load(Path.Combine(s_folder, "model.onnx"), new OnnxModelOptions { IntraOpThreads = 1 });
    private readonly FeatureSpecification _specification = FeatureSpecification.Load(Path.Combine(s_folder, "features.json"));
    private readonly string[] _header;
    private readonly Dictionary<string, string[]> _applicants;
    private readonly (string Id, float Probability)[] _references;

    public CreditTests()
    {
        string[][] lines = [.. File.ReadLines(Path.Combine(s_folder, "applicants.csv")).Select(static l => l.Split(','))];
        _header = lines[0];
        _applicants = lines.Skip(1).ToDictionary(static l => l[0]);
        _references =
        [
            .. File.ReadLines(Path.Combine(s_folder, "reference.csv")).Skip(1)
                .Select(static l => l.Split(','))
                .Select(static l => (l[0], float.Parse(l[1], CultureInfo.InvariantCulture))),
        ];
    }

    public void Dispose() => _model.Dispose();

    [Fact]
    public Task Predict_GeneratedEncoder_GivesTheReferences() => CheckAsync(CreditApplicantEncoder.Instance, ToApplicant);

    [Fact]
    public Task Predict_RowEncoder_GivesTheReferences() => CheckAsync(_specification.CreateRowEncoder(_header), static row => row);

    [Fact]
    public Task Predict_TextEncoder_GivesTheReferences() => CheckAsync(
        _specification.CreateTextEncoder(), row => _header.Zip(row).ToDictionary(static p => p.First, static p => (string?)p.Second));

    [Fact]
    public Task Predict_EncoderOfFunctions_GivesTheReferences() => CheckAsync(CreditMap.CreateEncoder(_specification), ToApplicant);

    [Fact]
    public void Encode_EveryApplicant_IsTheSameToTheLastBit()
    {
        IInputEncoder<IReadOnlyList<string?>> rows = _specification.CreateRowEncoder(_header);
        IInputEncoder<CreditApplicant> functions = CreditMap.CreateEncoder(_specification);
        _applicants.Should().HaveCount(1000);
        foreach (string[] row in _applicants.Values)
        {
            float[] generated = Encoded.Floats(CreditApplicantEncoder.Instance, ToApplicant(row), _specification);

            generated.Should().Equal(Encoded.Floats(rows, row, _specification));
            generated.Should().Equal(Encoded.Floats(functions, ToApplicant(row), _specification));
        }
    }

    [Fact]
    public void Hash_OfTheGeneratedEncoder_IsThatOfTheFile()
    {
        _specification.Hash.Should().HaveLength(64);
        CreditApplicantEncoder.SpecificationHash.Should().Be(_specification.Hash);
    }

    [Fact]
    public void Build_GeneratedEncoderAndAModelOfAnotherSpecification_RefusesToBuild()
    {
        var metadata = new ModelMetadata { Custom = new Dictionary<string, string> { [FeatureSpecification.HashMetadataKey] = new string('0', 64) } };
        var signature = new ModelSignature(_model.Signature.Inputs, _model.Signature.Outputs, metadata);

        FluentActions.Invoking(() => CreditApplicantEncoder.Instance.CheckSignature(signature)).Should().Throw<SpecificationMismatchException>()
            .Where(e => e.SpecificationHash == _specification.Hash && e.ModelHash == metadata.Custom[FeatureSpecification.HashMetadataKey]);
        FluentActions.Invoking(() => _specification.CheckSignature(signature)).Should().Throw<SpecificationMismatchException>();
    }

    [Fact]
    [Trait("Category", "Allocation")]
    public void Predict_GeneratedEncoder_AllocatesNothing()
    {
        IPredictor<CreditApplicant, float> predictor = CreatePredictor(CreditApplicantEncoder.Instance);
        CreditApplicant applicant = ToApplicant(_applicants.Values.First());
        Predict(2000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Predict(10_000);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);

        void Predict(int count)
        {
            for (int i = 0; i < count; i++)
            {
                ValueTask<float> task = predictor.PredictAsync(applicant);
                if (!task.IsCompletedSuccessfully)
                {
                    throw new InvalidOperationException("A lone prediction is complete at once.");
                }

                _ = task.Result;
            }
        }
    }

    private async Task CheckAsync<T>(IInputEncoder<T> encoder, Func<string[], T> read)
    {
        _references.Should().HaveCount(200);
        IPredictor<T, float> predictor = CreatePredictor(encoder);
        foreach ((string id, float probability) in _references)
        {
            (await predictor.PredictAsync(read(_applicants[id]))).Should().BeApproximately(probability, 1e-5f, id);
        }
    }

    private IPredictor<T, float> CreatePredictor<T>(IInputEncoder<T> encoder) => Predictor.For<T>()
        .Preprocess(encoder)
        .RunUnbatched(_model)
        .Postprocess((_, outputs) => outputs.Get<float>("probability_bad")[0])
        .Build();

    private static CreditApplicant ToApplicant(string[] row)
    {
        double[] numbers = [.. row[1..8].Select(static x => double.Parse(x, CultureInfo.InvariantCulture))];
        return new CreditApplicant(
            row[0], numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], row[8] == "1", row[9] == "1",
            row[10], row[11], row[12], row[13], row[14], row[15], row[16], row[17], row[18], row[19], row[20], row[21]);
    }
}
