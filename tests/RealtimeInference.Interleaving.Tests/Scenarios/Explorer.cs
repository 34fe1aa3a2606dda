using RealtimeInference.Interleaving.Controlled;

namespace RealtimeInference.Interleaving;

/// <summary>Runs a scenario in one schedule after the other, until one fails.</summary>
internal static class Explorer
{
    private const int TraceLength = 300;

    /// <summary>Runs all schedules of a strategy.</summary>
    /// <returns>How many were run, and the first failure with what replays it; null for none.</returns>
    public static (int Schedules, string? Failure) Explore(Scenario scenario, IStrategy strategy)
    {
        int count = 0;
        while (strategy.Begin(again: false))
        {
            count++;
            if (Run(scenario, strategy, isTraced: false) is { } failure)
            {
                strategy.Begin(again: true);
                string? again = Run(scenario, strategy, isTraced: true);
                string trace = string.Join(Environment.NewLine, Interleaver.Instance.Trace.TakeLast(TraceLength));
                return (count, $"{scenario.Name}: {failure}{Environment.NewLine}{strategy.Description}; {(again == failure ? "replayed" : "replayed differently: " + again)}{Environment.NewLine}{trace}");
            }
        }

        return (count, null);
    }

    /// <summary>Finds how many choices a schedule without preemption has.</summary>
    public static int Measure(Scenario scenario)
    {
        var strategy = new BoundedSearch(preemptions: 0, schedules: 1);
        strategy.Begin(again: false);
        Run(scenario, strategy, isTraced: false);
        return Math.Max(Interleaver.Instance.Choices, 1);
    }

    private static string? Run(Scenario scenario, IStrategy strategy, bool isTraced)
    {
        Statics.Reset();
        Monitor.Reset();
        Cancellation.Reset();
        Uses.Reset();
        StallWatch.Reset();
        scenario.Model.Reset();
        (scenario.Model.Nanoseconds, scenario.Model.StepsPerRun) = (scenario.RunNanoseconds, scenario.StepsPerRun);
        Clock.Step = scenario.ClockStep;
        Controlled.Thread.Suppressed = scenario.HasWatchdog ? null : "RealtimeInference watchdog";

        Interleaver interleaver = Interleaver.Instance;
        interleaver.Begin(strategy, isTraced);
        interleaver.Timeouts = scenario.Timeouts;
        interleaver.PatientTimeouts = scenario.HasWatchdog ? 40 : 0;
        var world = new World(scenario);
        interleaver.IsDone = () => world.IsDone;
        scenario.Arrange(world);
        interleaver.Run();
        if (interleaver.Failure is null && (world.FindFault() ?? Check(scenario, world)) is { } fault)
        {
            interleaver.Fail(fault, isAtEnd: true);
        }

        return interleaver.Failure;
    }

    private static string? Check(Scenario scenario, World world)
    {
        try
        {
            scenario.Check?.Invoke(world);
            return null;
        }
        catch (Exception exception)
        {
            return exception.Message;
        }
    }
}
