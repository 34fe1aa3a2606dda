using QuickStart;
using RealtimeInference.Benchmarks.Batching;

namespace RealtimeInference.Benchmarks.Magika;

/// <summary>The sample's pipeline over Magika, the model that tells what a file is, and the sample's files.</summary>
/// <remarks>Without the sample's rule for small files: every request runs the model.</remarks>
internal sealed class OurMagika : IDisposable
{
    private readonly OnnxModel _model;
    private readonly IPredictor<FileSample, FileType> _predictor;

    public OurMagika(Gathering gathering, Action<BatchingOptions>? configure = null)
    {
        MagikaFiles files = MagikaFiles.Load(Path.Combine(AppContext.BaseDirectory, "magika"));
        _model = files.LoadModel();
        _predictor = Predictor.For<FileSample>()
            .Validate(new CompleteSample(files.Config))
            .Preprocess(new MagikaEncoder(files.Config))
            .Run(_model, gathering, configure)
            .Postprocess(new MagikaDecoder(files.Config, files.ContentTypes))
            .Build();
        Samples = [.. InputFile.Find([], files.SamplesFolder).Select(f => f.ReadSample(files.Config.BlockSize))];
    }

    public FileSample[] Samples { get; }

    public ValueTask<FileType> PredictAsync(int sample) => _predictor.PredictAsync(Samples[sample % Samples.Length]);

    /// <summary>Requires two pipelines to answer alike: a comparison of things that answer differently says nothing.</summary>
    public static void RequireEqual(OurMagika first, OurMagika second)
    {
        Task<FileType>[] a = [.. first.Samples.Select((_, i) => first.PredictAsync(i).AsTask())];
        Task<FileType>[] b = [.. first.Samples.Select((_, i) => second.PredictAsync(i).AsTask())];
        Task.WaitAll([.. a, .. b]);
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i].Result.ModelLabel != b[i].Result.ModelLabel || Math.Abs(a[i].Result.Confidence - b[i].Result.Confidence) > 1e-4f)
            {
                throw new InvalidOperationException($"Magika answers {a[i].Result} in one pipeline and {b[i].Result} in the other.");
            }
        }
    }

    public void Dispose() => _model.Dispose();
}
