namespace RealtimeInference.Benchmarks.SmallNetwork;

/// <summary>One way to get a decision for a transaction out of the 30-64-32-1 network, one caller.</summary>
public interface IContender : IDisposable
{
    Decision Predict(in Transaction transaction);
}
