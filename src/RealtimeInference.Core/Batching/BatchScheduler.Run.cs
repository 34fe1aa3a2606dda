namespace RealtimeInference;

/// <content>The run of a batch: joined, run, split; and row by row where it failed.</content>
internal sealed partial class BatchScheduler
{
    private void Run(Batch batch, long start)
    {
        MarkStart(batch);
        int count = batch.Count;
        Exception? error = null;
        ModelRunner? runner = null;
        int claimed = 0;
        CancellationToken end = batch.BeginRun();
        try
        {
            runner = _model.Rent(count);
            BatchRows.Gather(batch.Members, runner.InputSet, _settings);
            RunToEnd(runner, end);
        }
        catch (Exception exception)
        {
            error = exception;
        }

        batch.EndRun();
        if (error is null)
        {
            Learn(start, count);
            claimed = Decode(batch, runner!);
        }

        runner?.Dispose();
        if (error is not null)
        {
            claimed = count > 1 && error is not (OperationCanceledException or ObjectDisposedException)
                ? RunOneByOne(batch)
                : Fail(batch, error);
        }

        batch.BeginResume(claimed);
    }

    private int Decode(Batch batch, ModelRunner runner)
    {
        MarkEnd(batch);
        int claimed = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            BatchRequest request = batch[i];
            if (!request.TryClaim())
            {
                request.Drop();
                continue;
            }

            if (_settings.HasVariableRows)
            {
                BatchRows.Trim(runner, request.Row, i);
            }

            request.Decode(runner, i);
            batch.Keep(claimed++, request);
        }

        return claimed;
    }

    private static int Fail(Batch batch, Exception error)
    {
        int claimed = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            BatchRequest request = batch[i];
            if (request.TryClaim())
            {
                request.SetError(error);
                batch.Keep(claimed++, request);
            }
            else
            {
                request.Drop();
            }
        }

        return claimed;
    }

    // A batch fails as a whole; which of its rows is to blame shows when each is run alone.
    private int RunOneByOne(Batch batch)
    {
        int claimed = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            BatchRequest request = batch[i];
            Exception? error = null;
            ModelRunner? runner = null;
            if (!request.IsWithdrawn)
            {
                try
                {
                    runner = _model.Rent();
                    BatchRows.Gather(batch.Members.Slice(i, 1), runner.InputSet, _settings);
                    RunToEnd(runner, CancellationToken.None);
                }
                catch (Exception exception)
                {
                    error = exception;
                }
            }

            if (!request.TryClaim())
            {
                request.Drop();
            }
            else
            {
                if (error is null)
                {
                    request.RunEndedAt = request.Context is null ? 0 : request.TimeProvider.GetTimestamp();
                    request.Decode(runner!, 0);
                }
                else
                {
                    request.SetError(error);
                }

                batch.Keep(claimed++, request);
            }

            runner?.Dispose();
        }

        return claimed;
    }

    private static void RunToEnd(ModelRunner runner, CancellationToken end)
    {
        ValueTask run = runner.RunAsync(end);
        if (run.IsCompleted)
        {
            run.GetAwaiter().GetResult();
        }
        else
        {
            // A model elsewhere: this thread is ours and has nothing else to do.
            run.AsTask().GetAwaiter().GetResult();
        }
    }

    private static void MarkStart(Batch batch)
    {
        if (batch.IsTimed)
        {
            foreach (Batch.Member member in batch.Members)
            {
                BatchRequest request = member.Request!;
                request.RunStartedAt = request.TimeProvider.GetTimestamp();
            }
        }
    }

    private static void MarkEnd(Batch batch)
    {
        if (batch.IsTimed)
        {
            foreach (Batch.Member member in batch.Members)
            {
                BatchRequest request = member.Request!;
                request.RunEndedAt = request.TimeProvider.GetTimestamp();
            }
        }
    }

    // Exponential averages over about eight runs. Written by several threads; a lost update does no harm.
    private void Learn(long start, int count)
    {
        long nanoseconds = (long)TimeProvider.System.GetElapsedTime(start).TotalNanoseconds;
        LearnLength(nanoseconds);
        Volatile.Write(ref _nanosecondsPerRow, Average(_nanosecondsPerRow, nanoseconds / count));
    }

    private void LearnLength(long nanoseconds)
    {
        long average = Average(_runNanoseconds, nanoseconds);
        Volatile.Write(ref _runNanoseconds, average);
        bool isSideBySide = average > (Volatile.Read(ref _isSideBySide) ? OneAtATimeNanoseconds : SideBySideNanoseconds);
        if (_states.Length > 1 && isSideBySide != _isSideBySide)
        {
            Volatile.Write(ref _isSideBySide, isSideBySide);
        }
    }

    private static long Average(long average, long sample) => average == 0 ? sample : average + ((sample - average) / 8);
}
