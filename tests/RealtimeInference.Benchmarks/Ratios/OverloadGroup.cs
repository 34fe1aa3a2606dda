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
        using var ours = new OurEncoder(model, new OnnxModelOptions { IntraOpThreads = 1 });
        long[][] rows = Tokens.CreateMany(1024, Length, Length, seed: 3);
        var peakLoad = new SlowLoad(Callers, async (caller, _) =>
        {
            await ours.PredictAsync(rows[caller]).ConfigureAwait(false);
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
        var rounds = new List<(double Peak, OpenResult Result)>();
        for (int i = 0; i < Count; i++)
        {
            double before = peakLoad.Run(s_peakTime);
            OpenResult result = overload.Run(before * Excess, s_overloadTime);

            // Machines drift: what the overload is compared with is the peak on both sides of it.
            double peak = (before + peakLoad.Run(s_peakTime)) / 2;
            rounds.Add((peak, result));
            Console.WriteLine(FormattableString.Invariant(
                $"  peak {peak:0} per second; of {result.Total} requests {result.Count(Outcome.Answered)} answered, {result.Count(Outcome.Refused)} refused, {result.Count(Outcome.Expired)} expired"));
        }

        double best = Rounds.Median(rounds.Select(static r => r.Peak));
        double good = Rounds.Median(rounds.Select(static r => r.Result.Goodput(s_deadline)));
        double ratio = Rounds.Median(rounds.Select(static r => r.Result.Goodput(s_deadline) / r.Peak));
        yield return new Comparison("answers in time per second at 3 times the capacity vs the peak of a closed loop", good, best, ratio, "at least 0.9", ratio >= 0.9);

        double p99 = Rounds.Median(rounds.Select(static r => r.Result.Latency(0.99).TotalMilliseconds));
        yield return AtMost("99th percentile from arrival to answer vs the deadline, milliseconds", p99, s_deadline.TotalMilliseconds);
        double refusal = Rounds.Median(rounds.Select(static r => r.Result.CallTime(Outcome.Refused, 0.99).TotalMicroseconds));
        yield return AtMost("99th percentile from call to refusal vs 100, microseconds", refusal, 100);
        double usual = Rounds.Median(rounds.Select(static r => r.Result.CallTime(Outcome.Refused, 0.5).TotalMicroseconds));
        yield return new Comparison("median from call to refusal, microseconds", usual, 100, usual / 100, "none", true);

        // What was measured is ours to forget before memory is looked at.
        rounds.Clear();
        overload.Clear();
        (long heapAfter, long setAfter) = Memory();
        yield return AtMost("growth of the managed heap over the overload vs 4, mebibytes", (heapAfter - heapBefore) / Mebibyte, 4);
        yield return AtMost("growth of the working set over the overload vs 32, mebibytes", (setAfter - setBefore) / Mebibyte, 32);
    }

    private static Comparison AtMost(string name, double found, double bar) => new(
        name, found, bar, found / bar, FormattableString.Invariant($"at most {bar:0}"), found <= bar);

    private static (long Heap, long WorkingSet) Memory()
    {
        long heap = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        return (heap, process.WorkingSet64);
    }
}
