using Microsoft.Extensions.Logging;

namespace RealtimeInference;

/// <summary>How an <see cref="OnnxModel"/> is loaded and run. The defaults suit small models on CPU.</summary>
/// <remarks>Copied when the model is loaded: later changes have no effect.</remarks>
public sealed class OnnxModelOptions
{
    /// <summary>Gets or sets the name that logs, metrics and errors use.</summary>
    /// <value>The file's name without extension by default.</value>
    public string? Name { get; set; }

    /// <summary>Gets or sets the version that predictions report.</summary>
    /// <value><see langword="null"/> by default: the version number that the file carries, if it is not 0.</value>
    public string? Version { get; set; }

    /// <summary>Gets or sets where the model runs: the first provider, or with fallback the first that is available.</summary>
    /// <value>The CPU by default.</value>
    public IList<ExecutionProvider> ExecutionProviders { get; set; } = [ExecutionProvider.Cpu];

    /// <summary>Gets or sets what may happen when the first provider cannot take the whole model.</summary>
    /// <value><see cref="ProviderFallback.None"/> by default: an error that says why.</value>
    public ProviderFallback Fallback { get; set; }

    /// <summary>Gets or sets the threads that work inside one operator, the calling thread among them.</summary>
    /// <value><see langword="null"/> by default: ONNX Runtime's choice, one per physical core. At least 1.</value>
    public int? IntraOpThreads { get; set; }

    /// <summary>Gets or sets the threads that run operators side by side, with <see cref="RunOperatorsInParallel"/>.</summary>
    /// <value><see langword="null"/> by default: ONNX Runtime's choice. At least 1.</value>
    public int? InterOpThreads { get; set; }

    /// <summary>Gets or sets whether independent operators of a graph run side by side.</summary>
    /// <value><see langword="false"/> by default, which is quicker for almost every model.</value>
    public bool RunOperatorsInParallel { get; set; }

    /// <summary>Gets or sets whether idle threads spin for a while before they sleep: quicker, at the cost of the CPU.</summary>
    /// <value><see langword="null"/> by default: ONNX Runtime's choice, which is to spin.</value>
    public bool? AllowSpinning { get; set; }

    /// <summary>Gets or sets whether the model uses the process's shared thread pool instead of threads of its own.</summary>
    /// <value><see langword="false"/> by default. See <see cref="OnnxEnvironment"/>.</value>
    public bool UseSharedThreadPool { get; set; }

    /// <summary>Gets or sets how far the graph is rewritten at load.</summary>
    /// <value><see cref="GraphOptimization.All"/> by default.</value>
    public GraphOptimization GraphOptimization { get; set; } = GraphOptimization.All;

    /// <summary>Gets or sets a file to write the rewritten graph to, for quicker loads later.</summary>
    /// <value><see langword="null"/> by default: none is written.</value>
    public string? OptimizedModelPath { get; set; }

    /// <summary>Gets or sets whether freed memory is kept for later runs.</summary>
    /// <value><see langword="true"/> by default; <see langword="false"/> saves memory and costs time.</value>
    public bool UseMemoryArena { get; set; } = true;

    /// <summary>Gets or sets whether memory is planned ahead from the shapes of earlier runs.</summary>
    /// <value><see langword="true"/> by default.</value>
    public bool UseMemoryPattern { get; set; } = true;

    /// <summary>Gets or sets lengths for free dimensions by name, which lets ONNX Runtime optimise for them.</summary>
    /// <value>Empty by default. ONNX Runtime ignores names that the model does not have; look at the signature.</value>
    public IDictionary<string, long> FreeDimensionOverrides { get; set; } = new Dictionary<string, long>();

    /// <summary>Gets or sets native libraries that bring operators.</summary>
    /// <value>Empty by default.</value>
    public IList<string> CustomOperatorLibraries { get; set; } = [];

    /// <summary>Gets or sets the folder of the weights that lie outside the model, for a model from bytes or a stream.</summary>
    /// <value><see langword="null"/> by default. A model from a file finds its weights beside it.</value>
    public string? ExternalDataFolder { get; set; }

    /// <summary>Gets or sets further entries of the session's configuration, by ONNX Runtime's own keys.</summary>
    /// <value>Empty by default.</value>
    public IDictionary<string, string> SessionConfiguration { get; set; } = new Dictionary<string, string>();

    /// <summary>Gets or sets the beginning of the file name for a profile of every node; written when the model is disposed.</summary>
    /// <value><see langword="null"/> by default: no profile. Profiling makes runs slower.</value>
    public string? ProfileOutputPrefix { get; set; }

    /// <summary>Gets or sets where the model and ONNX Runtime log.</summary>
    /// <value><see langword="null"/> by default: nowhere.</value>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Gets or sets where the model takes several examples at once.</summary>
    /// <value><see cref="BatchDimension.Auto"/> by default: read from the signature.</value>
    public BatchDimension BatchDimension { get; set; }

    /// <summary>Gets or sets how many runs on zeros are done at load, so that the first prediction is as quick as the rest.</summary>
    /// <value>1 by default; 0 for none.</value>
    public int WarmUpRuns { get; set; } = 1;

    /// <summary>Gets or sets the shapes of one example in the warm-up, by input.</summary>
    /// <value>
    /// Empty by default: free dimensions are then 1, and a warm-up that fails is only logged. With declared shapes, a warm-up
    /// that fails is a failed load.
    /// </value>
    public IDictionary<string, int[]> WarmUpShapes { get; set; } = new Dictionary<string, int[]>();

    /// <summary>Gets or sets how many idle runners, each with memory for its tensors, the model keeps.</summary>
    /// <value>Twice the number of processors by default. At least 1.</value>
    public int MaxIdleRunners { get; set; } = 2 * Environment.ProcessorCount;

    /// <summary>
    /// Binds inputs and outputs as for a provider with memory of its own, though the memory is the CPU's: how tests reach
    /// that path on a machine without such a provider.
    /// </summary>
    internal bool TreatAsDeviceMemory { get; set; }

    internal OnnxModelOptions Copy()
    {
        var copy = (OnnxModelOptions)MemberwiseClone();
        copy.ExecutionProviders = [.. ExecutionProviders];
        copy.FreeDimensionOverrides = new Dictionary<string, long>(FreeDimensionOverrides);
        copy.CustomOperatorLibraries = [.. CustomOperatorLibraries];
        copy.SessionConfiguration = new Dictionary<string, string>(SessionConfiguration);
        copy.WarmUpShapes = new Dictionary<string, int[]>(WarmUpShapes);
        return copy;
    }

    /// <summary>Finds everything that is wrong with the settings.</summary>
    internal IEnumerable<string> GetFaults()
    {
        if (ExecutionProviders is not { Count: > 0 })
        {
            yield return $"{nameof(ExecutionProviders)} is empty: name at least one, such as {nameof(ExecutionProvider)}.{nameof(ExecutionProvider.Cpu)}.";
        }
        else if (ExecutionProviders.Count > 1 && Fallback != ProviderFallback.NextProvider)
        {
            yield return $"{nameof(ExecutionProviders)} names {ExecutionProviders.Count} providers, but {nameof(Fallback)} is {Fallback}: " +
                $"name one, or set {nameof(ProviderFallback)}.{nameof(ProviderFallback.NextProvider)}.";
        }

        foreach ((string name, int? value) in new (string, int?)[]
        {
            (nameof(IntraOpThreads), IntraOpThreads), (nameof(InterOpThreads), InterOpThreads), (nameof(MaxIdleRunners), MaxIdleRunners),
        })
        {
            if (value < 1)
            {
                yield return $"{name} is {value}: at least 1.";
            }
        }

        if (WarmUpRuns < 0)
        {
            yield return $"{nameof(WarmUpRuns)} is {WarmUpRuns}: 0 or more.";
        }

        if (UseSharedThreadPool && (IntraOpThreads ?? InterOpThreads) is not null)
        {
            yield return $"{nameof(UseSharedThreadPool)} is set, so {nameof(IntraOpThreads)} and {nameof(InterOpThreads)} would have no effect: " +
                $"set them in {nameof(OnnxEnvironmentOptions)}.";
        }

        if (InterOpThreads is not null && !RunOperatorsInParallel)
        {
            yield return $"{nameof(InterOpThreads)} has no effect without {nameof(RunOperatorsInParallel)}: set that too, or leave it out.";
        }

        if (WarmUpShapes.Count > 0 && WarmUpRuns == 0)
        {
            yield return $"{nameof(WarmUpShapes)} have no effect with {nameof(WarmUpRuns)} 0: set at least 1, or leave them out.";
        }

        foreach ((string name, long length) in FreeDimensionOverrides)
        {
            if (length < 1)
            {
                yield return $"{nameof(FreeDimensionOverrides)} sets '{name}' to {length}: at least 1.";
            }
        }

        foreach (string library in CustomOperatorLibraries.Where(static l => !File.Exists(l)))
        {
            yield return $"{nameof(CustomOperatorLibraries)}: there is no file '{library}'.";
        }
    }
}
