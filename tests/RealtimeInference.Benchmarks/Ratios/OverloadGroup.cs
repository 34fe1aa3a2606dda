using System.Diagnostics;
using RealtimeInference.Benchmarks.Batching;
using RealtimeInference.Benchmarks.Encoders;
using RealtimeInference.Benchmarks.OpenLoop;

namespace RealtimeInference.Benchmarks.Ratios;

/// <summary>Three times as many requests as can be answered, each with a deadline: how many are answered in time, and at what cost?</summary>
/// <remarks>
/// The model is an encoder of two layers over eight tokens: long enough for the requests themselves to cost little beside
/// it, on the same two processors.
/// </remarks>
internal sealed class OverloadGroup : IRatioGroup
{
    private const int Count = 5;
    private const int Length = 8;
    private const int Callers = 128;
    private const double Excess = 3;
    private const double Mebibyte = 1024 * 1024;

    private static readonly TimeSpan s_deadline = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_peakTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_overloadTime = TimeSpan.FromSeconds(4);

    public string Name => "overload";

    public IEnumerable<Comparison> Run()
    {
        using var model = new EncoderModel(EncoderSize.Quick);
        foreach (Comparison comparison in Measure(model, "defaults", static o => { }, isLimited: false, hasBar: true))
        {
            yield return comparison;
        }

        // What a user can turn, to see what it is worth. Without bars.
        foreach (Comparison comparison in Measure(model, "LimitConcurrency in front", static o => { }, isLimited: true, hasBar: false))
        {
            yield return comparison;
        }
    }

    private static IEnumerable<Comparison> Measure(EncoderModel model, string how, Action<BatchingOptions> configure, bool isLimited, bool hasBar)
    {
        var options = new OnnxModelOptions { IntraOpThreads = 1 };
        using var ours = new OurEncoder(model, options, Gathering.Batched, configure, isLimited);

        // Behind a limit the closed loop would be refused: the peak is that of the same pipeline without it.
        using var open = new OurEncoder(model, options, Gathering.Batched, configure);
        long[][] rows = Tokens.CreateMany(1024, Length, Length, seed: 3);
        var peakLoad = new SlowLoad(Callers, async (caller, _) =>
        {
            await (isLimited ? open : ours).PredictAsync(rows[caller]).ConfigureAwait(false);
            return 1;
        });
        var overload = new OpenLoad(async (index, late) =>
        {
            // The user's deadline counts from the arrival: what is left of it is the request's.
            TimeSpan left = s_deadline - late;
            await ours.PredictAsync(rows[index % rows.Length], left > TimeSpan.Zero ? left : TimeSpan.Zero).ConfigureAwait(false);
        });

        // Warm, until the pools have the size that an overload gives them.
        overload.Run(peakLoad.Run(s_peakTime) * Excess, s_overloadTime);
        overload.Clear();
        (long heapBefore, long setBefore) = Memory();
        var rounds = new List<Round>();
        for (int i = 0; i < Count; i++)
        {
            double before = peakLoad.Run(s_peakTime);
            OpenResult result = overload.Run(before * Excess, s_overloadTime);

            // Machines drift: what the overload is compared with is the peak on both sides of it.
            rounds.Add(new Round((before + peakLoad.Run(s_peakTime)) / 2, result));
            Console.WriteLine($"  {how}: {rounds[^1]}");
        }

        // What was measured is ours to forget before memory is looked at.
        overload.Clear();
        (long heapAfter, long setAfter) = Memory();

        double ratio = Median(rounds, static r => r.Goodput / r.Peak);
        yield return new Comparison(
            $"{how}: answers in time per second at {Excess:0} times the capacity vs the peak of a closed loop",
            Median(rounds, static r => r.Goodput),
            Median(rounds, static r => r.Peak),
            ratio,
            hasBar ? "at least 0.9" : "none",
            !hasBar || ratio >= 0.9);
        yield return AtMost($"{how}: 99th percentile from arrival to answer vs the deadline, milliseconds", Median(rounds, static r => r.LatencyMs), s_deadline.TotalMilliseconds, hasBar);
        yield return AtMost($"{how}: 99th percentile from call to refusal vs 100, microseconds", Median(rounds, static r => r.RefusalUs), 100, hasBar);
        yield return AtMost($"{how}: median from call to refusal vs 100, microseconds", Median(rounds, static r => r.UsualRefusalUs), 100, hasBar: false);
        yield return AtMost($"{how}: growth of the managed heap vs 4, mebibytes", (heapAfter - heapBefore) / Mebibyte, 4, hasBar);
        yield return AtMost($"{how}: growth of the working set vs 32, mebibytes", (setAfter - setBefore) / Mebibyte, 32, hasBar);
    }

    private static double Median(List<Round> rounds, Func<Round, double> value) => Rounds.Median(rounds.Select(value));

    private static Comparison AtMost(string name, double found, double bar, bool hasBar) => new(
        name, found, bar, found / bar, hasBar ? FormattableString.Invariant($"at most {bar:0}") : "none", !hasBar || found <= bar);

    private static (long Heap, long WorkingSet) Memory()
    {
        long heap = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        return (heap, process.WorkingSet64);
    }

    // Read at once, so that what was recorded for each request can be forgotten.
    private sealed class Round(double peak, OpenResult result)
    {
        public double Peak { get; } = peak;

        public double Goodput { get; } = result.Goodput(s_deadline);

        public double LatencyMs { get; } = result.Latency(0.99).TotalMilliseconds;

        public double RefusalUs { get; } = result.CallTime(Outcome.Refused, 0.99).TotalMicroseconds;

        public double UsualRefusalUs { get; } = result.CallTime(Outcome.Refused, 0.5).TotalMicroseconds;

        private string Outcomes { get; } =
            $"of {result.Total} requests {result.Count(Outcome.Answered)} answered, {result.Count(Outcome.Refused)} refused, {result.Count(Outcome.Expired)} expired";

        public override string ToString() => FormattableString.Invariant($"peak {Peak:0} per second, in time {Goodput:0}; {Outcomes}");
    }
}
