namespace RealtimeInference.Benchmarks.Charts;

/// <summary>The words of a picture.</summary>
internal sealed record ChartText(string Title, string X, string Y, string Ours, string Baseline)
{
    public static ChartText Of(string chart) => chart switch
    {
        "callers" => new("30-64-32-1 network, closed loop", "callers", "predictions per second, thousands", "ours", "Channel batcher"),
        _ => new($"{chart.Replace("poisson ", "")}: Poisson arrivals", "share of the capacity without batching", "latency, milliseconds", "batching", "one by one"),
    };
}
