using System.Collections.Concurrent;

namespace RealtimeInference.Core.Tests.Features;

/// <summary>A store that does what a test says, and remembers what it was asked.</summary>
internal sealed class FakeStore(Func<ReadOnlyMemory<FeatureRow>, CancellationToken, ValueTask> read) : IFeatureStore
{
    private int _reads;

    public int Reads => Volatile.Read(ref _reads);

    public ConcurrentQueue<string> Asked { get; } = new();

    public ConcurrentQueue<CancellationToken> Tokens { get; } = new();

    public static FakeStore Answering(Action<FeatureRow> answer) => new((rows, _) =>
    {
        foreach (FeatureRow row in rows.Span)
        {
            answer(row);
        }

        return ValueTask.CompletedTask;
    });

    /// <summary>A store whose reads go on when the test lets them, whatever their token says.</summary>
    public static FakeStore Gated(Task gate, Action<FeatureRow> answer) => Waiting(() => gate, answer);

    /// <summary>A store that answers after a wait. Who ends the wait off the test's own context has the rows answered when that returns.</summary>
    public static FakeStore Waiting(Func<Task> wait, Action<FeatureRow> answer) => new(async (rows, _) =>
    {
        await wait().ConfigureAwait(false);
        for (int i = 0; i < rows.Length; i++)
        {
            answer(rows.Span[i]);
        }
    });

    public ValueTask ReadAsync(ReadOnlyMemory<FeatureRow> rows, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        Tokens.Enqueue(cancellationToken);
        Asked.Enqueue(string.Join(" ", rows.ToArray().Select(static r => r.ToString())));
        return read(rows, cancellationToken);
    }
}
