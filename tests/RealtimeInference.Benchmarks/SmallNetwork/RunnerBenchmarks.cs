using BenchmarkDotNet.Attributes;

namespace RealtimeInference.Benchmarks.SmallNetwork;

/// <summary>What do the parts of our own path cost, without the forward pass?</summary>
[MemoryDiagnoser]
public class RunnerBenchmarks
{
    private readonly OnnxModel _model = Network.Load();
    private readonly IPredictor<int, int> _empty = Predictor.For<int>().Transform(static x => x + 1).Build();

    [Benchmark]
    public void RentAndReturnRunner() => _model.Rent().Dispose();

    [Benchmark]
    public float WriteInput()
    {
        using ModelRunner runner = _model.Rent();
        return runner.GetInputs().GetUninitialized<float>("features")[29];
    }

    [Benchmark]
    public int PipelineOfOneFunction() => _empty.PredictAsync(1).GetAwaiter().GetResult();

    [GlobalCleanup]
    public void Cleanup() => _model.Dispose();
}
