using RealtimeInference;

namespace QuickStart;

/// <summary>The pipeline from a sample of a file to its type.</summary>
public static class MagikaPredictor
{
    public static IPredictor<FileSample, FileType> Create(IModel model, MagikaConfig config, ContentTypes contentTypes) =>
        Predictor.For<FileSample>()
            .Validate(new CompleteSample(config))
            .Preprocess(new MagikaEncoder(config))
            .Run(model)
            .Postprocess(new MagikaDecoder(config, contentTypes))
            .Use(inner => new SmallFilePredictor(inner, config, contentTypes))
            .Build();
}
