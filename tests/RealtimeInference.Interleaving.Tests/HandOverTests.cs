using System.Diagnostics;
using Xunit.Abstractions;

namespace RealtimeInference.Interleaving.Tests;

/// <summary>The hand-over between callers, workers and watchdog, in every order that a strategy thinks of.</summary>
public sealed class HandOverTests(ITestOutputHelper output)
{
    [Fact]
    public void HandOver_EverySchedule_EndsEachCallOnce()
    {
        int total = 0;
        foreach (Scenario scenario in HandOver.All)
        {
            int steps = Explorer.Measure(scenario);
            IStrategy[] strategies = [new RandomWalk(1, 500), new RandomPriorities(1, 500, steps * 2), new BoundedSearch(2, 500)];
            foreach (IStrategy s in strategies)
            {
                var watch = Stopwatch.StartNew();
                (int n, string? failure) = Explorer.Explore(scenario, s);
                output.WriteLine($"{scenario.Name}; {s.GetType().Name}: {n}, {steps} choices, {watch.Elapsed.TotalMicroseconds / n:0} us each{(failure is null ? "" : failure[..Math.Min(failure.Length, 300)])}");
                total += n;
            }
        }

        output.WriteLine($"{total} schedules");
    }
}
