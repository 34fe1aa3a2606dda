using System.Globalization;

namespace RealtimeInference.Benchmarks.Encoders;

/// <summary>A transformer encoder with random weights, as an ONNX file in a temporary folder.</summary>
/// <remarks>
/// What it answers means nothing, but what it costs is what a trained one of its size costs, and nothing has to be
/// downloaded. Inputs <c>input_ids</c> and <c>attention_mask</c>, int64 [batch, length]; output <c>embedding</c>, float
/// [batch, width]: the mean over the positions that the mask leaves.
/// </remarks>
internal sealed class EncoderModel : IDisposable
{
    private const int Seed = 20_240_601;
    private const float Scale = 0.02f;

    private readonly string _folder = Directory.CreateTempSubdirectory("realtime-inference-encoder-").FullName;
    private readonly Random _random = new(Seed);
    private readonly OnnxGraph _graph = new();

    public EncoderModel(EncoderSize size)
    {
        Size = size;
        Path = System.IO.Path.Combine(_folder, $"encoder_{size.Layers}x{size.Width}.onnx");
        Build();
        _graph.Save(Path, "encoder");
        EncoderCheck.Check(this);
    }

    public EncoderSize Size { get; }

    public string Path { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Build()
    {
        string ids = _graph.AddInput("input_ids", "batch", "length");
        string mask = _graph.AddInput("attention_mask", "batch", "length");
        _graph.AddOutput("embedding", "batch", Size.Width.ToString(CultureInfo.InvariantCulture));

        string tokens = _graph.Add("Gather", [Weight(EncoderSize.Vocabulary, Size.Width), ids]);
        string length = _graph.Add("Slice", [_graph.Add("Shape", [ids]), _graph.AddNumbers(1), _graph.AddNumbers(2)]);
        string positions = _graph.Add("Slice", [Weight(EncoderSize.MaxLength, Size.Width), _graph.AddNumbers(0), length, _graph.AddNumbers(0)]);
        string x = Normalise(_graph.Add("Add", [tokens, positions]));

        // 0 where there is a token and a large negative number where there is none: the softmax then gives it nothing.
        string present = _graph.Add("Cast", [mask], ("to", 1));
        string absent = _graph.Add("Sub", [Scalar(1), _graph.Add("Unsqueeze", [present, _graph.AddNumbers(1, 2)])]);
        string bias = _graph.Add("Mul", [absent, Scalar(-10_000)]);
        for (int i = 0; i < Size.Layers; i++)
        {
            x = Normalise(_graph.Add("Add", [Attend(x, bias), x]));
            x = Normalise(_graph.Add("Add", [FeedForward(x), x]));
        }

        string column = _graph.Add("Unsqueeze", [present, _graph.AddNumbers(2)]);
        string sum = _graph.Add("ReduceSum", [_graph.Add("Mul", [x, column]), _graph.AddNumbers(1)], ("keepdims", 0));
        string count = _graph.Add("ReduceSum", [present, _graph.AddNumbers(1)], ("keepdims", 1));
        _graph.Add("Div", [sum, _graph.Add("Max", [count, Scalar(1)])], "embedding");
    }

    private string Attend(string x, string bias)
    {
        string queries = Split(Linear(x, Size.Width, Size.Width), 0, 2, 1, 3);
        string keys = Split(Linear(x, Size.Width, Size.Width), 0, 2, 3, 1);
        string values = Split(Linear(x, Size.Width, Size.Width), 0, 2, 1, 3);
        string scores = _graph.Add("Div", [_graph.Add("MatMul", [queries, keys]), Scalar(MathF.Sqrt(Size.Width / (float)Size.Heads))]);
        string shares = _graph.Add("Softmax", [_graph.Add("Add", [scores, bias])], ("axis", -1));
        string mixed = _graph.Add("Transpose", [_graph.Add("MatMul", [shares, values])], ("perm", new[] { 0, 2, 1, 3 }));
        return Linear(_graph.Add("Reshape", [mixed, _graph.AddNumbers(0, 0, Size.Width)]), Size.Width, Size.Width);
    }

    private string Split(string x, params int[] order) => _graph.Add(
        "Transpose", [_graph.Add("Reshape", [x, _graph.AddNumbers(0, 0, Size.Heads, Size.Width / Size.Heads)])], ("perm", order));

    // GELU spelled out with Erf, as exporters write it below opset 20; the runtime knows the pattern.
    private string FeedForward(string x)
    {
        string wide = Linear(x, Size.Width, Size.FeedForward);
        string erf = _graph.Add("Erf", [_graph.Add("Div", [wide, Scalar(MathF.Sqrt(2))])]);
        string gelu = _graph.Add("Mul", [_graph.Add("Mul", [wide, _graph.Add("Add", [erf, Scalar(1)])]), Scalar(0.5f)]);
        return Linear(gelu, Size.FeedForward, Size.Width);
    }

    private string Linear(string x, int from, int to) => _graph.Add("Add", [_graph.Add("MatMul", [x, Weight(from, to)]), Weight(to)]);

    private string Normalise(string x)
    {
        float[] ones = new float[Size.Width];
        ones.AsSpan().Fill(1);
        return _graph.Add(
            "LayerNormalization",
            [x, _graph.AddWeight(ones, Size.Width), _graph.AddWeight(new float[Size.Width], Size.Width)],
            ("axis", -1),
            ("epsilon", 1e-5f));
    }

    private string Scalar(float value) => _graph.AddWeight([value]);

    private string Weight(params int[] shape)
    {
        float[] values = new float[shape.Aggregate(1, static (product, length) => product * length)];
        foreach (ref float value in values.AsSpan())
        {
            // Uniform with the standard deviation of the usual normal distribution: quicker, and it costs the same to run.
            value = ((_random.NextSingle() * 2) - 1) * Scale * MathF.Sqrt(3);
        }

        return _graph.AddWeight(values, shape);
    }
}
