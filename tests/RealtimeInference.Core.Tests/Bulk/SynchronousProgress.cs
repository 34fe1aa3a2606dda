namespace RealtimeInference.Core.Tests.Bulk;

/// <summary>Hears of progress at once, where <see cref="Progress{T}"/> would post it.</summary>
internal sealed class SynchronousProgress(Action<PredictManyProgress> report) : IProgress<PredictManyProgress>
{
    public void Report(PredictManyProgress value) => report(value);
}
