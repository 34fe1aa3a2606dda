using System.Text;
using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Tabular;

public sealed class SignatureCheckTests
{
    private static readonly string s_folder = TestModels.SamplePath("german-credit");

    private readonly FeatureSpecification _credit = FeatureSpecification.Load(Path.Combine(s_folder, "features.json"));
    private readonly FeatureSpecification _three = Encoded.Specification("\"type\": \"category\", \"categories\": [\"a\", \"b\", \"c\"]");

    public static TheoryData<long?[]> FittingRows => [[3], [null], [1, 3], [null, 3], [3, null], [null, null], [3, 1, 1]];

    [Fact]
    public void CheckSignature_TheModelItIsFor_Passes()
    {
        using OnnxModel model = OnnxModel.Load(Path.Combine(s_folder, "model.onnx"));

        _credit.CheckSignature(model.Signature);
    }

    [Fact]
    public void Build_OtherSpecification_SaysHowManyElements()
    {
        using OnnxModel model = OnnxModel.Load(Path.Combine(s_folder, "model.onnx"));

        FluentActions.Invoking(() => CreatePredictor(_three, model)).Should().Throw<TensorMismatchException>()
            .WithMessage("The specification makes 3 elements for 'features', but one example of 'features: float [*, 61]' is [61]. *");
    }

    [Theory]
    [MemberData(nameof(FittingRows))]
    public void Encode_AnyShapeThatHoldsTheElements_IsFilled(long?[] row)
    {
        ModelSignature signature = Signature("features", TensorElementType.Float32, row);
        var set = new InputSet(signature);
        set.Begin(1);
        IInputEncoder<IReadOnlyDictionary<string, string?>> encoder = _three.CreateTextEncoder();
        encoder.CheckSignature(signature);

        encoder.Encode(new Dictionary<string, string?> { ["x"] = "b" }, new InputTensors(set, 0));

        set.Buffers[0].GetSpan<float>().ToArray().Should().Equal(0, 1, 0);
        set.Free();
    }

    [Fact]
    public void CheckSignature_ShapesThatDoNotHoldTheElements_AreRefused()
    {
        foreach (long?[] row in new long?[][] { [4], [2, null], [], [3, 2], [0, null] })
        {
            FluentActions.Invoking(() => _three.CheckSignature(Signature("features", TensorElementType.Float32, row)))
                .Should().Throw<TensorMismatchException>("one example is [{0}]", string.Join(", ", row)).Which.TensorName.Should().Be("features");
        }
    }

    [Fact]
    public void CheckSignature_OtherNameTypeOrInput_IsRefused()
    {
        FluentActions.Invoking(() => _three.CheckSignature(Signature("x", TensorElementType.Float32, [3]))).Should().Throw<TensorMismatchException>()
            .WithMessage("The model has no input 'features'. It has: 'x'.*");
        FluentActions.Invoking(() => _three.CheckSignature(Signature("features", TensorElementType.Float64, [3]))).Should().Throw<TensorMismatchException>()
            .WithMessage("*written as float, but the model takes 'features: double *");
        var two = new ModelSignature(
            [.. Signature("features", TensorElementType.Float32, [3]).Inputs, .. Signature("ids", TensorElementType.Int64, [1]).Inputs], []);
        FluentActions.Invoking(() => _three.CheckSignature(two)).Should().Throw<TensorMismatchException>()
            .WithMessage("The model also needs 'ids: *").Which.TensorName.Should().Be("ids");
    }

    [Fact]
    public void Build_HashOfTheSpecificationInTheModel_Passes()
    {
        using OnnxModel model = LoadWithHash(_credit.Hash.ToUpperInvariant());

        model.Signature.Metadata.Custom.Should().ContainKey(FeatureSpecification.HashMetadataKey);
        CreatePredictor(_credit, model).Should().NotBeNull();
    }

    [Fact]
    public void Build_HashOfAnotherSpecificationInTheModel_RefusesToBuild()
    {
        string json = File.ReadAllText(Path.Combine(s_folder, "features.json"));
        FeatureSpecification changed = FeatureSpecification.Parse(json.Replace("20.794667", "20.794668"));
        using OnnxModel model = LoadWithHash(_credit.Hash);

        FluentActions.Invoking(() => CreatePredictor(changed, model)).Should().Throw<SpecificationMismatchException>()
            .Where(e => e.ModelHash == _credit.Hash && e.SpecificationHash == changed.Hash && e.Message.Contains("Deploy the specification"));
    }

    [Theory]
    [InlineData("""{"inputs":[{"type":"number","std":2.0,"mean":1e0,"name":"a"}]}""", true)]
    [InlineData("""{ "description": "x", "tensor": "features", "type": "float32", "inputs": [ { "name": "a", "description": "y", "type": "number", "transform": "standardize", "mean": 1, "std": 2, "missing": "fail", "clip": [null, null] } ] }""", true)]
    [InlineData("""{ "tensors": [ { "name": "features", "inputs": [ { "name": "\u0061", "type": "number", "mean": 10E-1, "std": 2 } ] } ] }""", true)]
    [InlineData("""{"inputs":[{"type":"number","std":2,"mean":1.0000000000000002,"name":"a"}]}""", false)]
    [InlineData("""{"inputs":[{"type":"number","std":2,"mean":1,"name":"A"}]}""", false)]
    [InlineData("""{"tensor":"x","inputs":[{"type":"number","std":2,"mean":1,"name":"a"}]}""", false)]
    [InlineData("""{"inputs":[{"type":"number","std":2,"mean":1,"name":"a","missing":"all-zero"}]}""", false)]
    [InlineData("""{"inputs":[{"type":"number","std":2,"mean":1,"name":"a","clip":[0,null]}]}""", false)]
    public void Hash_TheSameMeaning_IsTheSame(string json, bool isSame)
    {
        string hash = FeatureSpecification.Parse("""{ "inputs": [ { "name": "a", "type": "number", "mean": 1, "std": 2 } ] }""").Hash;

        (FeatureSpecification.Parse(json).Hash == hash).Should().Be(isSame);
    }

    private static IPredictor<IReadOnlyDictionary<string, string?>, float> CreatePredictor(FeatureSpecification specification, IModel model) =>
        Predictor.For<IReadOnlyDictionary<string, string?>>()
            .Preprocess(specification.CreateTextEncoder())
            .Run(model)
            .Postprocess((_, outputs) => outputs.Get<float>("probability_bad")[0])
            .Build();

    // A field that is repeated may stand anywhere in a message, also at its end: 14 is metadata_props.
    private static OnnxModel LoadWithHash(string hash)
    {
        byte[] entry = [.. Field(1, FeatureSpecification.HashMetadataKey), .. Field(2, hash)];
        return OnnxModel.Load(new MemoryStream([.. File.ReadAllBytes(Path.Combine(s_folder, "model.onnx")), (14 << 3) | 2, (byte)entry.Length, .. entry]));

        static byte[] Field(int number, string text) => [(byte)((number << 3) | 2), (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
    }

    private static ModelSignature Signature(string name, TensorElementType type, long?[] row) => new(
        [new TensorSpec(name, type, [TensorDimension.Free("N"), .. row.Select(static d => d is { } length ? TensorDimension.Fixed(length) : TensorDimension.Free())])],
        [new TensorSpec("y", TensorElementType.Float32, [TensorDimension.Free("N"), TensorDimension.Fixed(1)])]);
}
