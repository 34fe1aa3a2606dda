using Xunit.Abstractions;

namespace RealtimeInference.Interleaving.Tests;

/// <summary>That the test can fail: each of these faults in the real files is found, within as many schedules as the test runs.</summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    private const int Most = 100_000;
    private const string Lost = "somebody still waits";

    public static TheoryData<Mutant> Mutants => new(
        new(
            "a caller who ran looks into the queue before it frees the slot",
            "BatchScheduler.cs",
            "_slots.Leave(slot); if (!_queue.IsCommonEmpty || Volatile.Read(ref state.Intake) is not null) { Serve(); }",
            "bool hasWork = !_queue.IsCommonEmpty || Volatile.Read(ref state.Intake) is not null; _slots.Leave(slot); if (hasWork) { Serve(); }",
            Lost),
        new(
            "a worker that goes idle does not look a second time",
            "BatchScheduler.cs",
            "if (HasWork() && TryEnter(out slot)) { return true; } slot = -1;",
            "slot = -1;",
            Lost),
        new(
            "a worker that goes idle looks before it says so",
            "BatchScheduler.cs",
            "Interlocked.Decrement(ref _searching); // Somebody may have left it to this thread just before. if (HasWork() && TryEnter(out slot)) { return true; }",
            "if (HasWork() && TryEnter(out slot)) { Interlocked.Decrement(ref _searching); return true; } Interlocked.Decrement(ref _searching);",
            Lost),
        new(
            "a resumed caller leaves its request to a worker that was relieved meanwhile",
            "BatchScheduler.cs",
            "if (!resuming.KeepsSlot) { Serve(); } return;",
            "return;",
            Lost),
        new(
            "a resumed caller takes its worker's word without looking",
            "BatchScheduler.cs",
            "if (resuming is not null && resuming.KeepsSlot) { return; }",
            "if (resuming is not null) { return; }",
            Lost,
            "asks for two at once"),
        new(
            "an idle worker ends although somebody is about to wake it",
            "WorkerThread.cs",
            "if (!s_idle.Contains(this)) { return false; }",
            "",
            Lost),
        new(
            "a worker sleeps without looking whether it was woken",
            "WorkerThread.cs",
            "while (_work is null) { if (",
            "while (true) { if (_work is not null) { break; } Monitor.Exit(_signal); bool isTaken = false; Monitor.Enter(_signal, ref isTaken); if (",
            Lost),
        new(
            "callers of a long run that hold their worker are not stepped around",
            "BatchScheduler.Watch.cs",
            "if (TryRelieve(watched, now, stall, long.MaxValue) is { } batch)",
            "if (stall < 0 && TryRelieve(watched, now, stall, long.MaxValue) is { } batch)",
            Lost),
        new(
            "the watchdog lets go and looks only into the queue",
            "BatchScheduler.Watch.cs",
            "Interlocked.MemoryBarrier(); if (IsBusy())",
            "Interlocked.MemoryBarrier(); if (!_queue.IsEmpty)",
            Lost),
        new(
            "the watchdog lets go and does not look again",
            "BatchScheduler.Watch.cs",
            "Interlocked.MemoryBarrier(); if (IsBusy())",
            "if (_isWatched > 1)",
            Lost),
        new(
            "a request is claimed although its caller withdrew it",
            "BatchRequest.cs",
            "return Interlocked.CompareExchange(ref _state, Claimed, Waiting) == Waiting;",
            "Volatile.Write(ref _state, Claimed); return true;",
            "completed twice"),
        new(
            "a withdrawn request is recycled although its caller has not read it",
            "BatchRequest.cs",
            "if (Interlocked.CompareExchange(ref _state, WithdrawnAndDropped, Withdrawn) == WithdrawnAndRead) { Recycle(); }",
            "Volatile.Write(ref _state, WithdrawnAndDropped); Recycle();",
            null),
        new(
            "a slot is taken without comparing",
            "RunSlots.cs",
            "ulong seen = Interlocked.CompareExchange(ref _busy, busy | bit, busy);",
            "ulong seen = busy; Volatile.Write(ref _busy, busy | bit);",
            null),
        new(
            "a worker that was relieved goes on with its slot",
            "BatchScheduler.cs",
            "return !isRelieved;",
            "return true;",
            null));

    [Fact]
    public void HandOver_CompiledWithoutAFault_Passes()
    {
        (int schedules, string? failure) = MutantCompiler.Explore(mutant: null, 3000);

        failure.Should().BeNull();
        schedules.Should().BeGreaterThanOrEqualTo(3000);
    }

    [Theory]
    [MemberData(nameof(Mutants))]
    public void HandOver_WithAFault_IsFound(Mutant mutant)
    {
        (int schedules, string? failure) = MutantCompiler.Explore(mutant, Most);

        output.WriteLine($"found in schedule {schedules}");
        failure.Should().NotBeNull();
        output.WriteLine(failure!.Split(Environment.NewLine)[0]);
        if (mutant.Shows is not null)
        {
            failure.Should().Contain(mutant.Shows);
        }
    }
}
