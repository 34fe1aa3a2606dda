namespace RealtimeInference;

/// <summary>
/// What waits to be run. Many threads put in, without a lock; who forms a batch takes out, under one.
/// </summary>
/// <remarks>
/// Order: the most urgent first. A request counts as having come <see cref="BatchSettings.AgeingBatches"/> batches later for
/// each step of priority that it is below the highest; among equals the first come is first. Where examples differ in shape,
/// the most urgent one always goes into the next batch, and others of similar length join it: so an example is run at the
/// latest after as many batches as there were examples ahead of it.
/// <para>
/// What is asked for by callers while a worker resumes them stays at that worker's slot, and is its next batch: neither the
/// requests nor the callers then move from one processor's cache to another's, which would cost more than a small model's run.
/// The others take from it only when they have nothing else to do.
/// </para>
/// </remarks>
internal sealed class BatchQueue(BatchSettings settings, Slot[] slots)
{
    private const int Lanes = 3;

    // How many of the most urgent are looked at for similar lengths: enough to fill batches, few enough to sort each time.
    private const int Window = 512;

    private readonly BatchRequest?[] _heads = new BatchRequest?[Lanes];
    private readonly BatchRequest?[] _tails = new BatchRequest?[Lanes];
    private readonly List<BatchRequest> _window = [];
    private BatchRequest? _arrived;
    private int _inLanes;
    private bool _canBeWithdrawn;
    private long _batches;

    /// <summary>Gets how many wait in common, those included that their callers have withdrawn.</summary>
    public int Count => Volatile.Read(ref _inLanes) + (Volatile.Read(ref _arrived)?.Depth ?? 0);

    /// <summary>Gets whether nobody waits in common. Unlike <see cref="Count"/>, never wrong for a moment.</summary>
    public bool IsCommonEmpty => Volatile.Read(ref _arrived) is null && Volatile.Read(ref _inLanes) == 0;

    /// <summary>Gets whether nobody waits, at any slot either.</summary>
    public bool IsEmpty
    {
        get
        {
            if (!IsCommonEmpty)
            {
                return false;
            }

            return CountAt(ulong.MaxValue) == 0;
        }
    }

    /// <summary>Gets the lock that <see cref="Take"/> and <see cref="Sweep"/> are called under.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Counts how many wait at slots. About right while somebody puts in or takes out, and never 0 while one waits.</summary>
    /// <param name="which">The slots, a bit for each.</param>
    public int CountAt(ulong which)
    {
        int count = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            count += (which & (1UL << i)) != 0 ? slots[i].Waiting : 0;
        }

        return count;
    }

    /// <summary>Puts a request in.</summary>
    /// <returns>How many wait now, or 0 where the queue is full and it was not put in.</returns>
    public int TryAdd(BatchRequest request)
    {
        request.Arrival = Volatile.Read(ref _batches);
        BatchRequest? head = Volatile.Read(ref _arrived);
        while (true)
        {
            // Counted in the request itself: one word that all write is enough.
            int count = (head?.Depth ?? 0) + 1;
            if (count + Volatile.Read(ref _inLanes) > settings.MaxQueueLength)
            {
                return 0;
            }

            request.Depth = count;
            request.Next = head;
            BatchRequest? seen = Interlocked.CompareExchange(ref _arrived, request, head);
            if (ReferenceEquals(seen, head))
            {
                return count + Volatile.Read(ref _inLanes);
            }

            head = seen;
        }
    }

    /// <summary>Puts a request in at a slot, whose worker is resuming the caller.</summary>
    /// <returns>Whether there was room: no more than a batch waits there.</returns>
    public bool TryAdd(BatchRequest request, Slot slot)
    {
        request.Arrival = Volatile.Read(ref _batches);
        BatchRequest? head = Volatile.Read(ref slot.Intake);
        while (true)
        {
            int count = (head?.Depth ?? 0) + 1;
            if (count > settings.MaxBatchSize)
            {
                return false;
            }

            request.Depth = count;
            request.Next = head;
            BatchRequest? seen = Interlocked.CompareExchange(ref slot.Intake, request, head);
            if (ReferenceEquals(seen, head))
            {
                return true;
            }

            head = seen;
        }
    }

    /// <summary>Fills a batch with what waits at a slot. Needs no lock.</summary>
    public static void TakeAll(Slot slot, Batch batch)
    {
        BatchRequest? request = TakeOut(ref slot.Intake, out _);
        while (request is not null)
        {
            BatchRequest? next = request.Next;
            request.Next = null;
            AddOrDrop(batch, request);
            request = next;
        }
    }

    /// <summary>Fills a batch with the most urgent requests.</summary>
    /// <param name="batch">The batch, empty.</param>
    /// <param name="slot">The slot that it is for.</param>
    /// <param name="limit">The most that it takes.</param>
    /// <param name="others">From which other slots it may take what waits there, if nothing else does: a bit for each.</param>
    public void Take(Batch batch, Slot slot, int limit, ulong others)
    {
        Drain(ref _arrived);
        Drain(ref slot.Intake);
        for (int i = 0; i < slots.Length && _inLanes == 0; i++)
        {
            if ((others & (1UL << i)) != 0)
            {
                Drain(ref slots[i].Intake);
            }
        }

        int removed = settings.HasVariableRows ? TakeSimilar(batch, limit) : TakeFirst(batch, limit);
        if (removed > 0)
        {
            Volatile.Write(ref _batches, _batches + 1);
            Volatile.Write(ref _inLanes, _inLanes - removed);
        }
    }

    /// <summary>Takes out what nobody waits for any more, and what has passed its deadline.</summary>
    public void Sweep()
    {
        Drain(ref _arrived);
        if (!_canBeWithdrawn)
        {
            return;
        }

        bool isWithdrawable = false;
        int removed = 0;
        for (int lane = 0; lane < Lanes; lane++)
        {
            BatchRequest? kept = null;
            BatchRequest? request = _heads[lane];
            _heads[lane] = null;
            while (request is not null)
            {
                BatchRequest? next = request.Next;
                request.Next = null;
                if (request.CanBeWithdrawn && (request.IsWithdrawn || request.TryExpire()))
                {
                    request.Drop();
                    removed++;
                }
                else
                {
                    isWithdrawable |= request.CanBeWithdrawn;
                    if (kept is null)
                    {
                        _heads[lane] = request;
                    }
                    else
                    {
                        kept.Next = request;
                    }

                    kept = request;
                }

                request = next;
            }

            _tails[lane] = kept;
        }

        _canBeWithdrawn = isWithdrawable;
        Volatile.Write(ref _inLanes, _inLanes - removed);
    }

    /// <summary>Gets the one that has waited longest; only where arrivals are timed.</summary>
    public BatchRequest? PeekOldest()
    {
        Drain(ref _arrived);
        BatchRequest? oldest = null;
        foreach (BatchRequest? head in _heads)
        {
            oldest = oldest is null || head?.ArrivedAt < oldest.ArrivedAt ? head ?? oldest : oldest;
        }

        return oldest;
    }

    // Pushed onto a stack, so the last come is on top: turned round on the way out.
    private static BatchRequest? TakeOut(ref BatchRequest? intake, out int count)
    {
        BatchRequest? request = Interlocked.Exchange(ref intake, null);
        BatchRequest? reversed = null;
        count = 0;
        while (request is not null)
        {
            (BatchRequest? next, request.Next) = (request.Next, reversed);
            reversed = request;
            request = next;
            count++;
        }

        return reversed;
    }

    private void Drain(ref BatchRequest? intake)
    {
        if (Volatile.Read(ref intake) is null)
        {
            return;
        }

        // Nobody may find the queue empty meanwhile, who then would leave it to nobody.
        Volatile.Write(ref _inLanes, _inLanes + 1);
        BatchRequest? reversed = TakeOut(ref intake, out int count);
        Volatile.Write(ref _inLanes, _inLanes + count - 1);

        while (reversed is not null)
        {
            BatchRequest? next = reversed.Next;
            reversed.Next = null;
            _canBeWithdrawn |= reversed.CanBeWithdrawn;
            int lane = Math.Clamp((int)reversed.Priority, 0, Lanes - 1);
            if (_tails[lane] is { } tail)
            {
                tail.Next = reversed;
            }
            else
            {
                _heads[lane] = reversed;
            }

            _tails[lane] = reversed;
            reversed = next;
        }
    }

    private int TakeFirst(Batch batch, int limit)
    {
        int removed = 0;
        while (batch.Count < limit && RemoveFirst() is { } request)
        {
            removed++;
            AddOrDrop(batch, request);
        }

        return removed;
    }

    private BatchRequest? RemoveFirst()
    {
        int best = -1;
        long bestKey = long.MaxValue;
        for (int lane = 0; lane < Lanes; lane++)
        {
            if (_heads[lane] is { } head && GetKey(head, lane) < bestKey)
            {
                best = lane;
                bestKey = GetKey(head, lane);
            }
        }

        if (best < 0)
        {
            return null;
        }

        BatchRequest first = _heads[best]!;
        _heads[best] = first.Next;
        if (first.Next is null)
        {
            _tails[best] = null;
        }

        first.Next = null;
        return first;
    }

    private long GetKey(BatchRequest request, int lane) => request.Arrival + ((long)lane * settings.AgeingBatches);

    private int TakeSimilar(Batch batch, int limit)
    {
        int removed = 0;
        while (_window.Count < Window && RemoveFirst() is { } request)
        {
            if (request.CanBeWithdrawn && (request.IsWithdrawn || request.TryExpire()))
            {
                request.Drop();
                removed++;
            }
            else
            {
                _window.Add(request);
            }
        }

        if (_window.Count > 0)
        {
            SimilarRows.Choose(_window, batch, limit, settings);
            removed += batch.Count;
            PutBack();
        }

        return removed;
    }

    private static void AddOrDrop(Batch batch, BatchRequest request)
    {
        if (request.CanBeWithdrawn && (request.IsWithdrawn || request.TryExpire()))
        {
            request.Drop();
        }
        else
        {
            batch.Add(request);
        }
    }

    // Those that were looked at and not taken go back to the front of their lanes, in their order.
    private void PutBack()
    {
        for (int i = _window.Count - 1; i >= 0; i--)
        {
            BatchRequest request = _window[i];
            int lane = Math.Clamp((int)request.Priority, 0, Lanes - 1);
            request.Next = _heads[lane];
            _heads[lane] = request;
            _tails[lane] ??= request;
        }

        _window.Clear();
    }
}
