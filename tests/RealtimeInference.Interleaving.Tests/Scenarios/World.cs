using System.Reflection;
using RealtimeInference.Interleaving.Controlled;

namespace RealtimeInference.Interleaving;

/// <summary>One schedule's predictor, its callers, and how each of their calls ended.</summary>
internal sealed class World : IInputEncoder<long>, IOutputDecoder<long, long>
{
    private static readonly FieldInfo s_scheduler = typeof(BatchingStage<long, long>).GetField("_scheduler", BindingFlags.Instance | BindingFlags.NonPublic)!;
    private static readonly FieldInfo s_slots = typeof(BatchScheduler).GetField("_slots", BindingFlags.Instance | BindingFlags.NonPublic)!;
    private static readonly FieldInfo s_queue = typeof(BatchScheduler).GetField("_queue", BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly Scenario _scenario;
    private readonly List<Call> _calls = [];
    private int _running;

    public World(Scenario scenario)
    {
        _scenario = scenario;
        Stage = new BatchingStage<long, long>(this, scenario.Model, this, scenario.Settings);
        Scheduler = (BatchScheduler)s_scheduler.GetValue(Stage)!;
    }

    public BatchingStage<long, long> Stage { get; }

    public BatchScheduler Scheduler { get; }

    public IReadOnlyList<Call> Calls => _calls;

    public TripleModel Model => _scenario.Model;

    /// <summary>Gets whether every call has ended and every thread of the scenario is done.</summary>
    public bool IsDone => _running == 0;

    public void Encode(long input, InputTensors tensors) => tensors.Get<long>("x")[0] = input;

    public long Decode(long input, OutputTensors tensors)
    {
        long output = tensors.Get<long>("y")[0];
        return output;
    }

    /// <summary>Adds a thread.</summary>
    public void Thread(string name, Action job) => Caller(name, () =>
    {
        job();
        return Task.CompletedTask;
    });

    /// <summary>Adds a thread that calls and awaits.</summary>
    public void Caller(string name, Func<Task> job)
    {
        _running++;
        Interleaver.Instance.Spawn(name, () =>
        {
            Statics.ResetThread();
            _ = RunAsync(name, job);
        });
    }

    /// <summary>Asks for one prediction, and awaits it.</summary>
    public async Task CallAsync(Call call)
    {
        _calls.Add(call);
        PredictionContext context = PredictionContext.Rent(ScheduleTime.Instance, isTimed: false);
        context.Priority = call.Priority;
        if (call.Deadline is { } deadline)
        {
            context.SetDeadline(deadline);
        }

        try
        {
            ValueTask<long> task = Stage.InvokeAsync(call.Input, context, call.Cancellation?.Token ?? default);
            long output = call.Blocks ? task.GetAwaiter().GetResult() : await task.ConfigureAwait(false);
            call.EndWith(output);
        }
        catch (Exception exception) when (exception is not AbandonedException)
        {
            call.EndWith(exception);
        }
        finally
        {
            context.Dispose();
        }
    }

    public Task CallAsync(long input, PredictionPriority priority = default) => CallAsync(new Call(input) { Priority = priority });

    /// <summary>Looks for callers who hold a worker, some time later, as the watch over idle processors does.</summary>
    public void CheckStalls()
    {
        Interleaver.Instance.Now += 1_000_000;
        Scheduler.Relieve(Interleaver.Instance.Now, own: -1, isClose: true);
    }

    /// <summary>Counts what happened: a test in which it never does shows nothing about it.</summary>
    public void Count(Dictionary<string, int> seen)
    {
        foreach (Call call in _calls)
        {
            Add(call.End, 1);
        }

        Add("relieved", StallWatch.Count);
        Add("ended while it ran", Model.Cancelled);

        void Add(string what, int times) => seen[what] = seen.GetValueOrDefault(what) + times;
    }

    /// <summary>Says what is wrong at the end; null for nothing.</summary>
    public string? FindFault()
    {
        foreach (Call call in _calls)
        {
            if (call.FindFault() is { } fault)
            {
                return fault;
            }
        }

        RunSlots slots = (RunSlots)s_slots.GetValue(Scheduler)!;
        for (int i = 0; i < slots.Count; i++)
        {
            if (slots.IsBusy(i))
            {
                return $"slot {i} is busy at the end";
            }
        }

        return !((BatchQueue)s_queue.GetValue(Scheduler)!).IsEmpty ? "the queue is not empty at the end"
            : Scheduler.QueueLength != 0 ? $"the queue counts {Scheduler.QueueLength} at the end"
            : Model.MostAtOnce > slots.Count ? $"{Model.MostAtOnce} runs at once in {slots.Count} slots"
            : Model.Rented != Model.Returned ? $"{Model.Rented} runners went out and {Model.Returned} came back"
            : Uses.Begun != Uses.Ended ? $"{Uses.Begun} requests were taken into use and {Uses.Ended} recycled"
            : null;
    }

    private async Task RunAsync(string name, Func<Task> job)
    {
        try
        {
            await job().ConfigureAwait(false);
            _running--;
        }
        catch (AbandonedException)
        {
        }
        catch (Exception exception)
        {
            Interleaver.Instance.Fail($"{name} failed: {exception}");
        }
    }
}
