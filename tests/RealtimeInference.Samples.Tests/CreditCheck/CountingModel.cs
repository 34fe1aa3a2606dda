namespace RealtimeInference.Samples.Tests;

/// <summary>A model that counts what is asked of it.</summary>
internal sealed class CountingModel(IModel inner) : IModel
{
    private int _rents;

    public string Name => inner.Name;

    public string? Version => inner.Version;

    public ModelSignature Signature => inner.Signature;

    public int Rents => Volatile.Read(ref _rents);

    public ModelRunner Rent(int batchSize = 1)
    {
        Interlocked.Increment(ref _rents);
        return inner.Rent(batchSize);
    }

    public void Dispose() => inner.Dispose();

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
