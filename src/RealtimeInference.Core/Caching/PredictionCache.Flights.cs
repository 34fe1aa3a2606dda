using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace RealtimeInference;

/// <summary>Identical requests share a run: the first leads it, the others follow.</summary>
/// <remarks>
/// A run is stored before it leaves the table of flights, and whoever becomes a leader looks into the memory once more: so of
/// any number of identical requests exactly one runs, however they meet.
/// </remarks>
internal sealed partial class PredictionCache<TIn, TKey, TOut>
{
    private readonly ConcurrentDictionary<CacheKey<TKey>, Flight<TKey, TOut>> _flights = new();

    /// <summary>Predicts what was not found: by a run, by the second level, or by waiting for another request's run.</summary>
    /// <param name="input">The input; released when it is no longer needed.</param>
    /// <param name="key">The key that was not found.</param>
    /// <param name="context">The request's context; not touched after this returns unless it is timed.</param>
    /// <param name="cancellationToken">Ends this request's wait, and the run if nobody else waits for it.</param>
    public ValueTask<TOut> MissAsync(TIn input, TKey key, PredictionContext context, CancellationToken cancellationToken)
    {
        // A run outlives its leader where others wait for it, and so it has a context of its own.
        PredictionContext terms = context.Branch();
        var request = new Request(input, terms, context.IsTimed ? context : null, cancellationToken);
        try
        {
            var mine = new Flight<TKey, TOut>(new CacheKey<TKey>(this, GetVersions(), key), terms);
            return Enter(mine, terms.Priority, out Flight<TKey, TOut> flight) is { } landing
                ? FollowAsync(request, mine, flight, landing)
                : LeadAsync(request, mine);
        }
        catch
        {
            Release(request);
            throw;
        }
    }

    /// <summary>Joins a flight that is under way, or makes one's own the one to join.</summary>
    /// <returns>What to wait for; <see langword="null"/> for the leader.</returns>
    private Task<Landing<TOut>>? Enter(Flight<TKey, TOut> mine, PredictionPriority priority, out Flight<TKey, TOut> flight)
    {
        while (true)
        {
            if (!_flights.TryGetValue(mine.Key, out Flight<TKey, TOut>? other))
            {
                if (_flights.TryAdd(mine.Key, mine))
                {
                    flight = mine;
                    return null;
                }
            }
            else if (other.TryJoin(priority, out Task<Landing<TOut>>? landing))
            {
                Statistics.AddJoined();
                flight = other;
                return landing;
            }
            else if (_flights.TryUpdate(mine.Key, mine, other))
            {
                // The other is over, or given up, or waits behind this one; whoever follows it still gets its result.
                flight = mine;
                return null;
            }
        }
    }

    private ValueTask<TOut> LeadAsync(Request request, Flight<TKey, TOut> flight)
    {
        try
        {
            if (FindAgain(flight.Key) is { } hit)
            {
                hit.Describe(request.Terms);
                End(flight, new Landing<TOut>(hit, hasDefaultedFeatures: false), isFound: true);
                return new ValueTask<TOut>(Deliver(request, hit));
            }
        }
        catch (Exception exception)
        {
            // Keys of the user's own that cannot be compared.
            End(flight, new Landing<TOut>(exception));
            Release(request);
            return ValueTask.FromException<TOut>(exception);
        }

        Statistics.AddMiss();
        CancellationTokenRegistration registration =
            request.Token.UnsafeRegister(static state => ((Flight<TKey, TOut>)state!).LeaveAsLeader(), flight);
        ValueTask<TOut> run;
        try
        {
            run = _secondLevel is null ? _run(request.Input, request.Terms, flight.Token) : FindOrRunAsync(request, flight, _secondLevel);
        }
        catch (Exception exception)
        {
            run = ValueTask.FromException<TOut>(exception);
        }

        if (!run.IsCompleted)
        {
            return AwaitAsync(request, flight, FlyAsync(request, flight, run), registration);
        }

        Landing<TOut> landing = Read(run, request.Terms);
        End(flight, landing);
        registration.Dispose();
        if (landing.Prediction is { } prediction)
        {
            return new ValueTask<TOut>(Deliver(request, prediction));
        }

        Exception error = landing.Error!.SourceException;
        Release(request);
        return ValueTask.FromException<TOut>(
            IsOwnCancellation(error, request.Token) ? new OperationCanceledException(request.Token) : error);
    }

    /// <summary>Sees a run to its end, whether its leader still waits or not.</summary>
    private async Task<Landing<TOut>> FlyAsync(Request request, Flight<TKey, TOut> flight, ValueTask<TOut> run)
    {
        Landing<TOut> landing;
        try
        {
            landing = Succeed(await run.ConfigureAwait(false), request.Terms);
        }
        catch (Exception exception)
        {
            landing = new Landing<TOut>(exception);
        }

        End(flight, landing);
        _release?.Invoke(request.Input);
        return landing;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<TOut> AwaitAsync(
        Request request, Flight<TKey, TOut> flight, Task<Landing<TOut>> flying, CancellationTokenRegistration registration)
    {
        Landing<TOut> landing;
        try
        {
            // Without a hop: the leader goes on where the run ended, as without a cache.
            landing = await (request.Token.CanBeCanceled ? flying.WaitAsync(request.Token) : flying).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The run may go on for others, so its context is left to it, and to the garbage collector then.
            flight.LeaveAsLeader();
            throw;
        }
        finally
        {
            await registration.DisposeAsync().ConfigureAwait(false);
        }

        request.Context?.Join(request.Terms);
        request.Terms.Dispose();
        if (landing.Error is { } error)
        {
            if (IsOwnCancellation(error.SourceException, request.Token))
            {
                throw new OperationCanceledException(request.Token);
            }

            error.Throw();
        }

        return landing.Prediction!.Value;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TOut> FollowAsync(Request request, Flight<TKey, TOut> mine, Flight<TKey, TOut> flight, Task<Landing<TOut>>? landing)
    {
        try
        {
            while (landing is not null)
            {
                Landing<TOut> landed = await WaitAsync(request, flight, landing).ConfigureAwait(false);
                if (landed.Prediction is { } prediction)
                {
                    request.Terms.HasDefaultedFeatures |= landed.HasDefaultedFeatures;
                    prediction.Describe(request.Terms);
                    request.Context?.Join(request.Terms);
                    return prediction.Value;
                }

                if (!flight.FailedForLackOfTime(landed.Error!.SourceException, request.Terms))
                {
                    landed.Error.Throw();
                }

                landing = Enter(mine, request.Terms.Priority, out flight);
            }
        }
        finally
        {
            if (landing is not null)
            {
                request.Terms.Dispose();
                _release?.Invoke(request.Input);
            }
        }

        return await LeadAsync(request, mine).ConfigureAwait(false);
    }

    // A follower waits for its own time, whoever leads.
    private static async Task<Landing<TOut>> WaitAsync(Request request, Flight<TKey, TOut> flight, Task<Landing<TOut>> landing)
    {
        PredictionContext terms = request.Terms;
        TimeSpan left = terms.TimeLeft;
        try
        {
            // What a timer cannot count to will not pass either.
            return await (left > TimeSpan.FromDays(40)
                ? landing.WaitAsync(request.Token)
                : landing.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, terms.TimeProvider, request.Token)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            flight.Leave();
            TimeSpan overdue = -terms.TimeLeft;
            throw new DeadlineExceededException(
                overdue > TimeSpan.Zero ? overdue : TimeSpan.Zero,
                "The deadline of this prediction passed while it waited for the run of an identical request, which goes on if others wait for it. " +
                "Give it more time, or make the run faster.");
        }
        catch (OperationCanceledException)
        {
            flight.Leave();
            throw;
        }
    }

    private async ValueTask<TOut> FindOrRunAsync(Request request, Flight<TKey, TOut> flight, SecondLevel<TKey, TOut> secondLevel)
    {
        if (await secondLevel.ReadAsync(flight.Key, request.Terms, flight.Token).ConfigureAwait(false) is { } found)
        {
            flight.IsFoundInSecondLevel = true;
            found.Describe(request.Terms);
            return found.Value;
        }

        return await _run(request.Input, request.Terms, flight.Token).ConfigureAwait(false);
    }

    private CachedPrediction<TOut>? FindAgain(CacheKey<TKey> key)
    {
        if (!_memory.TryGetValue(key, out object? value))
        {
            return null;
        }

        Statistics.AddHit();
        return (CachedPrediction<TOut>?)value;
    }

    private static Landing<TOut> Read(in ValueTask<TOut> run, PredictionContext terms)
    {
        try
        {
            return Succeed(run.GetAwaiter().GetResult(), terms);
        }
        catch (Exception exception)
        {
            return new Landing<TOut>(exception);
        }
    }

    private static Landing<TOut> Succeed(TOut output, PredictionContext terms) =>
        new(new CachedPrediction<TOut>(output, terms.ModelName, terms.ModelVersion), terms.HasDefaultedFeatures);

    /// <summary>Stores a run, then lets nobody join it any more, then answers its followers: in this order.</summary>
    private void End(Flight<TKey, TOut> flight, in Landing<TOut> landing, bool isFound = false)
    {
        try
        {
            if (landing.Prediction is { } prediction && !isFound)
            {
                Store(flight, prediction, landing.HasDefaultedFeatures);
            }

            _flights.TryRemove(new KeyValuePair<CacheKey<TKey>, Flight<TKey, TOut>>(flight.Key, flight));
        }
        finally
        {
            flight.Land(landing);
        }
    }

    private TOut Deliver(Request request, CachedPrediction<TOut> prediction)
    {
        Release(request);
        return prediction.Value;
    }

    private void Release(Request request)
    {
        request.Context?.Join(request.Terms);
        request.Terms.Dispose();
        _release?.Invoke(request.Input);
    }

    private static bool IsOwnCancellation(Exception error, CancellationToken token) =>
        error is OperationCanceledException && token.IsCancellationRequested;

    /// <param name="Input">What is predicted.</param>
    /// <param name="Terms">Its deadline and priority, and what its run is given.</param>
    /// <param name="Context">The caller's context, where it may be written when the prediction is there.</param>
    /// <param name="Token">The caller's.</param>
    private sealed record Request(TIn Input, PredictionContext Terms, PredictionContext? Context, CancellationToken Token);
}
