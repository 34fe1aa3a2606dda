using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace RealtimeInference.Benchmarks.SmallNetwork;

internal static class Network
{
    public static readonly string Path = System.IO.Path.Combine(AppContext.BaseDirectory, "models", "mlp_30_64_32_1.onnx");

    // One thread inside an operator on every side: the network is too small for more.
    public static Microsoft.ML.OnnxRuntime.SessionOptions CreateOptions() => new() { IntraOpNumThreads = 1 };

    public static OnnxModel Load() => OnnxModel.Load(Path, new OnnxModelOptions { IntraOpThreads = 1 });

    /// <summary>Our pipeline, with something between the encoder and the run.</summary>
    public static IPredictor<Transaction, Decision> Pipeline(
        OnnxModel model, Func<EncodedBuilder<Transaction, Transaction>, EncodedBuilder<Transaction, Transaction>> around) =>
        around(Predictor.For<Transaction>()
            .Preprocess(static (t, inputs) =>
            {
                Span<float> features = inputs.GetUninitialized<float>("features");
                features[0] = t.Amount;
                ((ReadOnlySpan<float>)t.History).CopyTo(features[1..]);
            }))
            .Run(model)
            .Postprocess(static (_, outputs) =>
            {
                float score = outputs.Get<float>("score")[0];
                return new Decision(score, score < 0.5f);
            })
            .Build();
}

/// <summary>Our pipeline: validate, preprocess, run, postprocess.</summary>
internal sealed class OurPipeline : IContender
{
    private readonly OnnxModel _model;
    private readonly IPredictor<Transaction, Decision> _predictor;

    public OurPipeline()
    {
        _model = Network.Load();
        _predictor = Predictor.For<Transaction>()
            .Validate(static t => t.Amount >= 0, "must not be negative", "Amount")
            .Preprocess(static (t, inputs) =>
            {
                Span<float> features = inputs.GetUninitialized<float>("features");
                features[0] = t.Amount;
                ((ReadOnlySpan<float>)t.History).CopyTo(features[1..]);
            })
            .Run(_model)
            .Postprocess(static (_, outputs) =>
            {
                float score = outputs.Get<float>("score")[0];
                return new Decision(score, score < 0.5f);
            })
            .Build();
    }

    public Decision Predict(in Transaction transaction) => _predictor.PredictAsync(transaction).GetAwaiter().GetResult();

    public ValueTask<Decision> PredictAsync(in Transaction transaction) => _predictor.PredictAsync(transaction);

    /// <summary>The same with a context that the caller reads: the stages are timed.</summary>
    public Decision PredictTimed(in Transaction transaction)
    {
        using PredictionContext context = PredictionContext.Rent();
        return _predictor.PredictAsync(transaction, context, CancellationToken.None).GetAwaiter().GetResult();
    }

    public void Dispose() => _model.Dispose();
}

/// <summary>The leanest loop one can write by hand: everything bound once, nothing checked.</summary>
internal sealed class BindingLoop : IContender
{
    private readonly float[] _features = new float[30];
    private readonly float[] _score = new float[1];
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtIoBinding _binding;
    private readonly OrtValue _input;
    private readonly OrtValue _output;

    public BindingLoop()
    {
        using Microsoft.ML.OnnxRuntime.SessionOptions options = Network.CreateOptions();
        _session = new InferenceSession(Network.Path, options);
        _binding = _session.CreateIoBinding();
        _input = OrtValue.CreateTensorValueFromMemory(_features, [1, 30]);
        _output = OrtValue.CreateTensorValueFromMemory(_score, [1, 1]);
        _binding.BindInput("features", _input);
        _binding.BindOutput("score", _output);
    }

    public Decision Predict(in Transaction transaction)
    {
        if (transaction.Amount < 0)
        {
            throw new ArgumentException("must not be negative", nameof(transaction));
        }

        _features[0] = transaction.Amount;
        ((ReadOnlySpan<float>)transaction.History).CopyTo(_features.AsSpan(1));
        _session.RunWithBinding(_options, _binding);
        float score = _score[0];
        return new Decision(score, score < 0.5f);
    }

    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        _binding.Dispose();
        _options.Dispose();
        _session.Dispose();
    }
}

/// <summary>What ONNX Runtime's tutorial for C# shows: https://onnxruntime.ai/docs/tutorials/csharp/.</summary>
internal sealed class NamedValues : IContender
{
    private readonly InferenceSession _session;

    public NamedValues()
    {
        using Microsoft.ML.OnnxRuntime.SessionOptions options = Network.CreateOptions();
        _session = new InferenceSession(Network.Path, options);
    }

    public Decision Predict(in Transaction transaction)
    {
        var tensor = new DenseTensor<float>([1, 30]);
        tensor[0, 0] = transaction.Amount;
        ((ReadOnlySpan<float>)transaction.History).CopyTo(tensor.Buffer.Span[1..]);
        var inputs = new List<NamedOnnxValue> { NamedOnnxValue.CreateFromTensor("features", tensor) };
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = _session.Run(inputs);
        float score = results[0].AsTensor<float>()[0];
        return new Decision(score, score < 0.5f);
    }

    public void Dispose() => _session.Dispose();
}

/// <summary>ML.NET: its prediction engine over its ONNX transformer.</summary>
internal sealed class MlNetEngine : IContender
{
    private readonly PredictionEngine<Row, Scored> _engine;
    private readonly Row _row = new();

    public MlNetEngine()
    {
        var context = new MLContext();
        Microsoft.ML.Transforms.Onnx.OnnxScoringEstimator estimator =
            context.Transforms.ApplyOnnxModel(["score"], ["features"], Network.Path, fallbackToCpu: true);
        ITransformer model = estimator.Fit(context.Data.LoadFromEnumerable(Array.Empty<Row>()));
        _engine = context.Model.CreatePredictionEngine<Row, Scored>(model);
    }

    public Decision Predict(in Transaction transaction)
    {
        _row.Features[0] = transaction.Amount;
        ((ReadOnlySpan<float>)transaction.History).CopyTo(_row.Features.AsSpan(1));
        float score = _engine.Predict(_row).Score[0];
        return new Decision(score, score < 0.5f);
    }

    public void Dispose() => _engine.Dispose();

    // ML.NET needs classes, and reads them by reflection.
    internal sealed class Row
    {
        [ColumnName("features")]
        [VectorType(1, 30)]
        public float[] Features { get; set; } = new float[30];
    }

    internal sealed class Scored
    {
        [ColumnName("score")]
        public float[] Score { get; set; } = [];
    }
}
