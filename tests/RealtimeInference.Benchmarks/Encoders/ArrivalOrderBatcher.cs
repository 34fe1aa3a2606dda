using System.Threading.Channels;
using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference.Benchmarks.Encoders;

/// <summary>
/// The batcher that most people write for texts: a bounded channel, loops that take what is there in the order of arrival,
/// pad it to the longest and run it, and a completion source for each caller.
/// </summary>
internal sealed class ArrivalOrderBatcher : IAsyncDisposable
{
    private static readonly string[] s_inputs = ["input_ids", "attention_mask"];
    private static readonly string[] s_outputs = ["embedding"];

    private readonly Channel<(long[] Tokens, TaskCompletionSource<float[]> Done)> _channel =
        Channel.CreateBounded<(long[], TaskCompletionSource<float[]>)>(new BoundedChannelOptions(1024));

    private readonly int _maxBatchSize;
    private readonly int _width;
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly Task _loops;

    /// <summary>Initializes a new instance of the <see cref="ArrivalOrderBatcher"/> class.</summary>
    /// <param name="model">The encoder.</param>
    /// <param name="loops">How many batches may be run at once.</param>
    /// <param name="intraOpThreads">The threads inside an operator.</param>
    /// <param name="maxBatchSize">The most rows in a batch.</param>
    public ArrivalOrderBatcher(EncoderModel model, int loops, int intraOpThreads, int maxBatchSize = 32)
    {
        _maxBatchSize = maxBatchSize;
        _width = model.Size.Width;
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions { IntraOpNumThreads = intraOpThreads };
        _session = new InferenceSession(model.Path, options);
        _loops = Task.WhenAll(Enumerable.Range(0, loops).Select(_ => Task.Run(LoopAsync)));
    }

    public async ValueTask<float[]> PredictAsync(long[] tokens)
    {
        var done = new TaskCompletionSource<float[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _channel.Writer.WriteAsync((tokens, done)).ConfigureAwait(false);
        return await done.Task.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Writer.Complete();
        await _loops.ConfigureAwait(false);
        _options.Dispose();
        _session.Dispose();
    }

    private async Task LoopAsync()
    {
        var batch = new List<(long[] Tokens, TaskCompletionSource<float[]> Done)>(_maxBatchSize);
        while (await _channel.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < _maxBatchSize && _channel.Reader.TryRead(out (long[], TaskCompletionSource<float[]>) request))
            {
                batch.Add(request);
            }

            // With two loops the other one may have taken it.
            if (batch.Count > 0)
            {
                Run(batch);
                batch.Clear();
            }
        }
    }

    private void Run(List<(long[] Tokens, TaskCompletionSource<float[]> Done)> batch)
    {
        int longest = batch.Max(static r => r.Tokens.Length);
        long[] ids = new long[batch.Count * longest];
        long[] mask = new long[ids.Length];
        for (int i = 0; i < batch.Count; i++)
        {
            batch[i].Tokens.CopyTo(ids.AsSpan(i * longest));
            mask.AsSpan(i * longest, batch[i].Tokens.Length).Fill(1);
        }

        using OrtValue idsValue = OrtValue.CreateTensorValueFromMemory(ids, [batch.Count, longest]);
        using OrtValue maskValue = OrtValue.CreateTensorValueFromMemory(mask, [batch.Count, longest]);
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(_options, s_inputs, [idsValue, maskValue], s_outputs);
        ReadOnlySpan<float> embeddings = outputs[0].GetTensorDataAsSpan<float>();
        for (int i = 0; i < batch.Count; i++)
        {
            batch[i].Done.SetResult(embeddings.Slice(i * _width, _width).ToArray());
        }
    }
}
