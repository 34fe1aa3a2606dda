using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RealtimeInference;

namespace QuickStart;

/// <summary>The folder of the model: the model itself, what it says about input and output, and sample files.</summary>
public sealed class MagikaFiles
{
    private readonly string _folder;

    private MagikaFiles(string folder)
    {
        _folder = folder;
        Config = Read("config.json", MagikaJson.Default.MagikaConfig);
        ContentTypes = new ContentTypes(Read("content_types.json", MagikaJson.Default.DictionaryStringContentType));
    }

    public MagikaConfig Config { get; }

    public ContentTypes ContentTypes { get; }

    public string SamplesFolder => Path.Combine(_folder, "samples");

    public static MagikaFiles Load(string folder) => new(folder);

    /// <summary>Loads the model. The caller disposes it.</summary>
    public OnnxModel LoadModel() => OnnxModel.Load(
        Path.Combine(_folder, "model.onnx"),
        new OnnxModelOptions
        {
            Name = "magika",

            // One small file at a time: starting more threads takes longer than they would save.
            IntraOpThreads = 1,
        });

    private T Read<T>(string name, JsonTypeInfo<T> type)
    {
        using FileStream stream = File.OpenRead(Path.Combine(_folder, name));
        return JsonSerializer.Deserialize(stream, type) ?? throw new InvalidDataException($"{name} is empty.");
    }
}
