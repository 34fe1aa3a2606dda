namespace RealtimeInference.Benchmarks.Ratios;

/// <summary>A group of comparisons that share a subject.</summary>
internal interface IRatioGroup
{
    string Name { get; }

    IEnumerable<Comparison> Run();
}
