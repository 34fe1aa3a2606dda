using BenchmarkDotNet.Attributes;

namespace RealtimeInference.Benchmarks.SmallNetwork;

/// <summary>What does a prediction cost with a network so small that everything around it shows?</summary>
[MemoryDiagnoser]
public class SmallNetworkBenchmarks
{
    private readonly Transaction _transaction = Transaction.Create(1);
    private readonly BindingLoop _binding = new();
    private readonly OurPipeline _pipeline = new();
    private readonly NamedValues _named = new();
    private readonly MlNetEngine _mlNet = new();

    [Benchmark(Baseline = true)]
    public Decision RunWithBinding() => _binding.Predict(_transaction);

    [Benchmark]
    public Decision Pipeline() => _pipeline.Predict(_transaction);

    [Benchmark]
    public Decision PipelineTimed() => _pipeline.PredictTimed(_transaction);

    [Benchmark]
    public Decision NamedOnnxValue() => _named.Predict(_transaction);

    [Benchmark]
    public Decision MlNetPredictionEngine() => _mlNet.Predict(_transaction);

    [GlobalCleanup]
    public void Cleanup()
    {
        _binding.Dispose();
        _pipeline.Dispose();
        _named.Dispose();
        _mlNet.Dispose();
    }
}
