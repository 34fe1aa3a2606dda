using RealtimeInference.Benchmarks.Batching;
using RealtimeInference.Benchmarks.Charts;
using RealtimeInference.Benchmarks.SmallNetwork;

namespace RealtimeInference.Benchmarks.Ratios;

/// <summary>Many callers of the 30-64-32-1 network, against the batcher that most people write and against no batching.</summary>
internal sealed class BatchingGroup : IRatioGroup
{
    private const int Rounds = 7;
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(400);

    public string Name => "batching";

    public IEnumerable<Comparison> Run()
    {
        using var ours = new OurPipeline();
        using var raw = new RawUnbatched();
        var channel = new ChannelBatcher();
        var tuned = new ChannelBatcher(isTuned: true);
        Transaction[] inputs = [.. Enumerable.Range(0, 256).Select(Transaction.Create)];
        foreach (Transaction transaction in inputs)
        {
            float expected = channel.PredictAsync(transaction).AsTask().GetAwaiter().GetResult().Score;
            if (Math.Abs(ours.PredictAsync(transaction).AsTask().GetAwaiter().GetResult().Score - expected) > 1e-6f)
            {
                throw new InvalidOperationException("The two batchers answer differently.");
            }
        }

        using var loop = new BindingLoop();
        (double oursTime, double loopTime, double timeRatio) = PairedTimer.Measure(Repeat(ours, inputs[1]), Repeat(loop, inputs[1]));
        yield return new Comparison("1 caller, batching on, vs the raw RunWithBinding loop, thousands per second", 1e6 / oursTime, 1e6 / loopTime, 1 / timeRatio, "at least 0.95", 1 / timeRatio >= 0.95);
        double bytes = PairedTimer.CountBytes(Repeat(ours, inputs[1]));
        yield return new Comparison("1 caller, bytes per prediction vs the raw RunWithBinding loop", bytes, PairedTimer.CountBytes(Repeat(loop, inputs[1])), bytes, "0 bytes", bytes == 0);

        foreach ((int callers, double? bar) in new[] { (1, (double?)null), (2, null), (4, null), (8, 1.5), (16, null), (64, 1.6), (256, 1.4) })
        {
            var ourLoop = new Load(callers, () => OursLoop(ours, inputs));
            var channelLoop = new Load(callers, () => ChannelLoop(channel, inputs));
            (double a, double b, double ratio) = Compare(ourLoop, channelLoop);
            string barText = bar is null ? "none" : FormattableString.Invariant($"at least {bar:0.0}");
            yield return new Comparison(
                $"{callers} callers vs a Channel batcher, thousands per second", a / 1000, b / 1000, ratio, barText, bar is null || ratio >= bar, new ChartPoint("callers", $"{callers}", "throughput"));
            if (bar is null)
            {
                continue;
            }

            yield return new Comparison($"{callers} callers, bytes per prediction vs a Channel batcher", ourLoop.Bytes, channelLoop.Bytes, ourLoop.Bytes, "0 bytes", ourLoop.Bytes < 0.5);
            (a, b, ratio) = Compare(ourLoop, new Load(callers, () => ChannelLoop(tuned, inputs)));
            yield return new Comparison($"{callers} callers vs a Channel batcher with our run, thousands per second", a / 1000, b / 1000, ratio, "none", true);
        }

        {
            (double a, double b, double ratio) = Compare(new Load(64, () => OursLoop(ours, inputs)), new Load(2, () => RawLoop(raw, inputs)));
            yield return new Comparison("64 callers vs raw unbatched runs on 2 threads, thousands per second", a / 1000, b / 1000, ratio, "at least 4.0", ratio >= 4);
        }

        foreach (int callers in new[] { 8, 64, 256 })
        {
            (double a, double b, double ratio) = Compare(
                new Load(callers, () => OursLoop(ours, inputs), static i => i % 10 == 0),
                new Load(callers - ((callers + 9) / 10), () => OursLoop(ours, inputs)));
            yield return new Comparison($"{callers} callers, one in ten blocks for 5 ms, the others vs without those, thousands per second", a / 1000, b / 1000, ratio, "at least 0.8", ratio >= 0.8);
        }

        channel.DisposeAsync().AsTask().GetAwaiter().GetResult();
        tuned.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static Action<int> Repeat<T>(T contender, Transaction transaction)
        where T : IContender => count =>
    {
        for (int i = 0; i < count; i++)
        {
            contender.Predict(transaction);
        }
    };

    private static Func<LoadState, int, bool, Task> OursLoop(OurPipeline ours, Transaction[] inputs) => async (state, caller, blocks) =>
    {
        while (!state.IsStopped)
        {
            await ours.PredictAsync(inputs[caller & 255]).ConfigureAwait(false);
            state.Count(caller, blocks);
        }
    };

    private static Func<LoadState, int, bool, Task> ChannelLoop(ChannelBatcher channel, Transaction[] inputs) => async (state, caller, blocks) =>
    {
        while (!state.IsStopped)
        {
            await channel.PredictAsync(inputs[caller & 255]).ConfigureAwait(false);
            state.Count(caller, blocks);
        }
    };

    private static Func<LoadState, int, bool, Task> RawLoop(RawUnbatched raw, Transaction[] inputs) => (state, caller, blocks) =>
    {
        while (!state.IsStopped)
        {
            raw.Predict(caller, inputs[caller & 255]);
            state.Count(caller, blocks);
        }

        return Task.CompletedTask;
    };

    private static (double Ours, double Baseline, double Ratio) Compare(Load ours, Load baseline)
    {
        ours.Run(TimeSpan.FromSeconds(1));
        baseline.Run(TimeSpan.FromSeconds(1));
        return Ratios.Rounds.Compare(Rounds, () => ours.Run(s_slice), () => baseline.Run(s_slice));
    }
}
