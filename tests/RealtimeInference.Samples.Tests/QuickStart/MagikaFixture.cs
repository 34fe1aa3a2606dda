using QuickStart;

namespace RealtimeInference.Samples.Tests;

/// <summary>The real model, loaded as the program loads it, once for all tests.</summary>
public sealed class MagikaFixture : IDisposable
{
    public MagikaFixture()
    {
        Files = MagikaFiles.Load(Folder);
        Model = Files.LoadModel();
        Predictor = MagikaPredictor.Create(Model, Files.Config, Files.ContentTypes);
    }

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "magika");

    public MagikaFiles Files { get; }

    public OnnxModel Model { get; }

    public IPredictor<FileSample, FileType> Predictor { get; }

    public FileSample Sample(byte[] content) => FileSample.Of(content, Files.Config.BlockSize);

    public FileSample Sample(string relativePath) => Sample(File.ReadAllBytes(Path.Combine(Folder, relativePath)));

    public void Dispose() => Model.Dispose();
}

[CollectionDefinition(Name)]
public sealed class MagikaGroup : ICollectionFixture<MagikaFixture>
{
    public const string Name = "magika";
}
