namespace RealtimeInference.Core.Tests.Testing;

/// <summary>The models that lie beside the tests.</summary>
internal static class TestModels
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "models", name);

    public static string SamplePath(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "sample-models", name);

    public static OnnxModel Load(string name, Action<OnnxModelOptions>? configure = null)
    {
        var options = new OnnxModelOptions { IntraOpThreads = 1 };
        configure?.Invoke(options);
        return OnnxModel.Load(Path(name), options);
    }
}
