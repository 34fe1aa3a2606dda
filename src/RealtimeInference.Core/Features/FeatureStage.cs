using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace RealtimeInference;

/// <summary>Looks features up within a time budget, then joins them to the value. Synchronous where the store is.</summary>
internal abstract class FeatureStage<T, TNext> : IInnerStage<T, TNext>
{
#if DEBUG
    private const int MaxPooled = 2;
#else
    // As many lookups as a host has under way at once, with room to spare.
    private const int MaxPooled = 1024;
#endif

    // What WaitAsync takes at most, to the day.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(49);

    // The lookup that this thread gave back last: the next one on it finds it without a shared write.
    [ThreadStatic]
    private static (object Stage, FeatureLookup Lookup) t_last;

    private readonly IFeatureStore _store;
    private readonly FeatureView[] _views;
    private readonly TimeSpan _timeBudget;
    private readonly ReadGate _gate;
    private readonly ConcurrentQueue<FeatureLookup> _pool = new();
    private int _pooled;

    protected FeatureStage(IFeatureStore store, FeatureView[] views, FeatureLookupOptions options)
    {
        _store = store;
        _views = views;
        _timeBudget = options.TimeBudget;
        _gate = new ReadGate(options.MaxOpenReads);
    }

    public ValueTask<TNext> InvokeAsync(in T input, PredictionContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        context.ThrowIfExpired();
        FeatureLookup lookup = Rent();
        bool isProbe = false;
        ReadTicket ticket = default;
        ValueTask read = default;
        try
        {
            AddKeys(in input, lookup);
            if (!lookup.Asked.IsEmpty)
            {
                if (_gate.IsFull && !(isProbe = _gate.TryProbe(context.TimeProvider, out ticket)))
                {
                    lookup.AbandonRows();
                }
                else
                {
                    read = lookup.ReadAsync(_store);
                }
            }
        }
        catch
        {
            // Only the user's function that names the keys: what the store throws comes out of the read.
            Return(lookup);
            throw;
        }

        if (!read.IsCompleted)
        {
            return AwaitAsync(input, read.AsTask(), isProbe ? ticket : _gate.Enter(context.TimeProvider), lookup, context, cancellationToken);
        }

        if (isProbe)
        {
            _gate.Exit(ticket, wasAbandoned: false);
        }

        lookup.EndRead(GetError(in read));
        return new ValueTask<TNext>(Finish(in input, lookup, context));
    }

    /// <summary>Adds the keys of the request to the lookup.</summary>
    protected abstract void AddKeys(in T input, FeatureLookup lookup);

    /// <summary>Puts the value and its features together.</summary>
    protected abstract TNext Join(in T input, FeatureLookup lookup, TimeProvider timeProvider);

    private static Exception? GetError(in ValueTask read)
    {
        if (read.IsCompletedSuccessfully)
        {
            read.GetAwaiter().GetResult();
            return null;
        }

        return GetError(read.AsTask());
    }

    private static Exception? GetError(Task read) => read.IsFaulted
        ? read.Exception.InnerException
        : read.IsCanceled ? new TaskCanceledException(read) : null;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TNext> AwaitAsync(
        T input, Task read, ReadTicket ticket, FeatureLookup lookup, PredictionContext context, CancellationToken cancellationToken)
    {
        TimeSpan budget = GetBudget(context);
        if (budget != TimeSpan.Zero)
        {
            // An error is looked at below, and no exception is thrown for each prediction that a slow store makes late.
            await read.WaitAsync(budget, context.TimeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (read.IsCompleted)
        {
            _gate.Exit(ticket, wasAbandoned: false);
            lookup.EndRead(GetError(read));
        }
        else
        {
            Leave(read, ticket, lookup);
            if (cancellationToken.IsCancellationRequested)
            {
                Return(lookup);
                throw new OperationCanceledException(cancellationToken);
            }
        }

        return Finish(in input, lookup, context);
    }

    // Zero where there is no time at all.
    private TimeSpan GetBudget(PredictionContext context)
    {
        TimeSpan left = context.TimeLeft;
        TimeSpan budget = _timeBudget == Timeout.InfiniteTimeSpan || left < _timeBudget ? left : _timeBudget;

        // Timers count whole milliseconds, and would take less than one for none.
        return budget <= TimeSpan.Zero ? TimeSpan.Zero
            : budget > s_longestWait ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromMilliseconds(Math.Ceiling(budget.TotalMilliseconds));
    }

    private void Leave(Task read, ReadTicket ticket, FeatureLookup lookup)
    {
        lookup.Ticket = _gate.Abandon(ticket);
        lookup.LeaveRead();
        read.ContinueWith(
            static (task, state) =>
            {
                (FeatureStage<T, TNext> stage, FeatureLookup lookup) = ((FeatureStage<T, TNext>, FeatureLookup))state!;

                // Looked at, so that it does not count as one that nobody saw.
                _ = task.Exception;
                stage._gate.Exit(lookup.Ticket, wasAbandoned: true);
                stage.Return(lookup);
            },
            (this, lookup),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        lookup.CancelRead();
    }

    private TNext Finish(in T input, FeatureLookup lookup, PredictionContext context)
    {
        TNext next;
        try
        {
            lookup.Judge(context);
            next = Join(in input, lookup, context.TimeProvider);
        }
        finally
        {
            Return(lookup);
            context.EndStage(StageNames.Features);
        }

        return next;
    }

    private FeatureLookup Rent()
    {
        if (t_last.Stage == this)
        {
            FeatureLookup last = t_last.Lookup;
            t_last = default;
            return last;
        }

        if (_pool.TryDequeue(out FeatureLookup? lookup))
        {
            Interlocked.Decrement(ref _pooled);
            return lookup;
        }

        return new FeatureLookup(_views);
    }

    private void Return(FeatureLookup lookup)
    {
        if (!lookup.Release())
        {
            return;
        }

        if (t_last.Stage is null)
        {
            t_last = (this, lookup);
        }
        else if (Interlocked.Increment(ref _pooled) <= MaxPooled)
        {
            _pool.Enqueue(lookup);
        }
        else
        {
            Interlocked.Decrement(ref _pooled);
        }
    }
}

/// <summary>One row of one view.</summary>
internal sealed class SingleFeatureStage<T, TNext>(
    IFeatureStore store, FeatureView view, Func<T, EntityKey> getKey, Func<T, FeatureValues, TNext> join, FeatureLookupOptions options)
    : FeatureStage<T, TNext>(store, [view], options)
{
    protected override void AddKeys(in T input, FeatureLookup lookup) => lookup.Add(0, getKey(input));

    protected override TNext Join(in T input, FeatureLookup lookup, TimeProvider timeProvider) =>
        join(input, new FeatureValues(lookup.GetRow(view, 0), timeProvider));
}

/// <summary>Rows of several views and entities.</summary>
internal sealed class MultiFeatureStage<T, TNext>(
    IFeatureStore store, FeatureLookupPart<T>[] parts, Func<T, FeatureRows, TNext> join, FeatureLookupOptions options)
    : FeatureStage<T, TNext>(store, [.. parts.Select(static p => p.View)], options)
{
    protected override void AddKeys(in T input, FeatureLookup lookup)
    {
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i].GetKey is { } getKey)
            {
                lookup.Add(i, getKey(input));
            }
            else
            {
                parts[i].AddKeys!(input, new FeatureKeys(lookup, i));
            }
        }
    }

    protected override TNext Join(in T input, FeatureLookup lookup, TimeProvider timeProvider) =>
        join(input, new FeatureRows(lookup, timeProvider));
}
