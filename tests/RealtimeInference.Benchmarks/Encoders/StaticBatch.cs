using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference.Benchmarks.Encoders;

/// <summary>How an offline loop uses the processors.</summary>
/// <param name="Loops">The loops that run side by side.</param>
/// <param name="Sessions">How many sessions they share.</param>
/// <param name="IntraOpThreads">The threads inside an operator.</param>
internal sealed record StaticLayout(int Loops, int Sessions, int IntraOpThreads)
{
    public override string ToString() => $"{Loops} loop{(Loops == 1 ? "" : "s")}, {Sessions} session{(Sessions == 1 ? "" : "s")}, {IntraOpThreads} intra-op";
}

/// <summary>
/// What a model can do when everything is there beforehand: offline loops over <c>RunWithBinding</c>, the same full batch
/// again and again, all memory bound once. No server that takes requests one by one does better by much.
/// </summary>
internal sealed class StaticBatch : IDisposable
{
    private readonly int _length;
    private readonly int _width;
    private readonly StaticLayout _layout;
    private readonly InferenceSession[] _sessions;
    private readonly RunOptions _options = new();
    private readonly Dictionary<int, OrtIoBinding[]> _bindings = [];
    private readonly List<IDisposable> _values = [];

    public StaticBatch(EncoderModel model, int length, StaticLayout layout)
    {
        _length = length;
        _width = model.Size.Width;
        _layout = layout;
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions { IntraOpNumThreads = layout.IntraOpThreads };
        _sessions = [.. Enumerable.Range(0, layout.Sessions).Select(_ => new InferenceSession(model.Path, options))];
    }

    /// <summary>Runs batches of one size for some time.</summary>
    /// <returns>Rows per second.</returns>
    public double Run(int batchSize, TimeSpan time)
    {
        if (!_bindings.TryGetValue(batchSize, out OrtIoBinding[]? bindings))
        {
            _bindings[batchSize] = bindings = [.. Enumerable.Range(0, _layout.Loops).Select(i => Bind(Session(i), batchSize))];
        }

        double[] rates = new double[bindings.Length];
        using var start = new Barrier(bindings.Length);
        Thread[] threads = [.. bindings.Select((binding, i) => new Thread(() =>
        {
            Session(i).RunWithBinding(_options, binding);
            start.SignalAndWait();
            var watch = Stopwatch.StartNew();
            int runs = 0;
            while (watch.Elapsed < time)
            {
                Session(i).RunWithBinding(_options, binding);
                runs++;
            }

            // By whole runs: the last one may end long after the time is over.
            rates[i] = runs * batchSize / watch.Elapsed.TotalSeconds;
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        return rates.Sum();
    }

    public void Dispose()
    {
        foreach (IDisposable value in _bindings.Values.SelectMany(static b => b).Concat(_values))
        {
            value.Dispose();
        }

        _options.Dispose();
        foreach (InferenceSession session in _sessions)
        {
            session.Dispose();
        }
    }

    private InferenceSession Session(int loop) => _sessions[loop % _sessions.Length];

    private OrtIoBinding Bind(InferenceSession session, int batchSize)
    {
        long[] ids = [.. Enumerable.Range(0, batchSize).SelectMany(i => Tokens.Create(_length, i))];
        long[] mask = new long[ids.Length];
        mask.AsSpan().Fill(1);
        OrtIoBinding binding = session.CreateIoBinding();
        binding.BindInput("input_ids", Keep(OrtValue.CreateTensorValueFromMemory(ids, [batchSize, _length])));
        binding.BindInput("attention_mask", Keep(OrtValue.CreateTensorValueFromMemory(mask, [batchSize, _length])));
        binding.BindOutput("embedding", Keep(OrtValue.CreateTensorValueFromMemory(new float[batchSize * _width], [batchSize, _width])));
        return binding;
    }

    private OrtValue Keep(OrtValue value)
    {
        _values.Add(value);
        return value;
    }
}
