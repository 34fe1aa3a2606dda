using System.Threading.Channels;
using Microsoft.ML.OnnxRuntime;
using RealtimeInference.Benchmarks.SmallNetwork;

namespace RealtimeInference.Benchmarks.Batching;

/// <summary>
/// The batcher that most people write: a bounded channel of requests, one loop that takes what is there, a completion source
/// for each caller, and the run as the runtime's documentation shows it.
/// </summary>
/// <remarks>
/// Tuned, the run is as lean as ours: everything bound once for each size of batch. Few people write that; it shows what is
/// left when only the hand-over of requests is compared.
/// </remarks>
internal sealed class ChannelBatcher : IAsyncDisposable
{
    private const int MaxBatchSize = 64;

    private static readonly string[] s_inputs = ["features"];
    private static readonly string[] s_outputs = ["score"];

    private readonly bool _isTuned;
    private readonly Channel<(Transaction Input, TaskCompletionSource<Decision> Done)> _channel =
        Channel.CreateBounded<(Transaction, TaskCompletionSource<Decision>)>(new BoundedChannelOptions(1024) { SingleReader = true });

    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly (float[] Features, float[] Scores, OrtIoBinding Binding, OrtValue Input, OrtValue Output)?[] _bound = new (float[], float[], OrtIoBinding, OrtValue, OrtValue)?[MaxBatchSize + 1];
    private readonly Task _loop;

    public ChannelBatcher(bool isTuned = false)
    {
        _isTuned = isTuned;
        using Microsoft.ML.OnnxRuntime.SessionOptions options = Network.CreateOptions();
        _session = new InferenceSession(Network.Path, options);
        _loop = Task.Run(LoopAsync);
    }

    public async ValueTask<Decision> PredictAsync(Transaction transaction)
    {
        var done = new TaskCompletionSource<Decision>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _channel.Writer.WriteAsync((transaction, done)).ConfigureAwait(false);
        return await done.Task.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Writer.Complete();
        await _loop.ConfigureAwait(false);
        foreach (var bound in _bound)
        {
            bound?.Input.Dispose();
            bound?.Output.Dispose();
            bound?.Binding.Dispose();
        }

        _options.Dispose();
        _session.Dispose();
    }

    private async Task LoopAsync()
    {
        var batch = new List<(Transaction Input, TaskCompletionSource<Decision> Done)>(MaxBatchSize);
        while (await _channel.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < MaxBatchSize && _channel.Reader.TryRead(out (Transaction, TaskCompletionSource<Decision>) request))
            {
                batch.Add(request);
            }

            if (_isTuned)
            {
                RunBound(batch);
            }
            else
            {
                Run(batch);
            }

            batch.Clear();
        }
    }

    private void Run(List<(Transaction Input, TaskCompletionSource<Decision> Done)> batch)
    {
        float[] features = new float[batch.Count * 30];
        Write(batch, features);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(features, [batch.Count, 30]);
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(_options, s_inputs, [input], s_outputs);
        Answer(batch, outputs[0].GetTensorDataAsSpan<float>());
    }

    private void RunBound(List<(Transaction Input, TaskCompletionSource<Decision> Done)> batch)
    {
        var (features, scores, binding, _, _) = _bound[batch.Count] ??= Bind(batch.Count);
        Write(batch, features);
        _session.RunWithBinding(_options, binding);
        Answer(batch, scores);
    }

    private static void Write(List<(Transaction Input, TaskCompletionSource<Decision> Done)> batch, float[] features)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            Transaction transaction = batch[i].Input;
            features[i * 30] = transaction.Amount;
            ((ReadOnlySpan<float>)transaction.History).CopyTo(features.AsSpan((i * 30) + 1));
        }
    }

    private static void Answer(List<(Transaction Input, TaskCompletionSource<Decision> Done)> batch, ReadOnlySpan<float> scores)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            batch[i].Done.SetResult(new Decision(scores[i], scores[i] < 0.5f));
        }
    }

    private (float[] Features, float[] Scores, OrtIoBinding Binding, OrtValue Input, OrtValue Output) Bind(int size)
    {
        float[] features = new float[30 * size];
        float[] scores = new float[size];
        OrtIoBinding binding = _session.CreateIoBinding();
        OrtValue input = OrtValue.CreateTensorValueFromMemory(features, [size, 30]);
        OrtValue output = OrtValue.CreateTensorValueFromMemory(scores, [size, 1]);
        binding.BindInput("features", input);
        binding.BindOutput("score", output);
        return (features, scores, binding, input, output);
    }
}
