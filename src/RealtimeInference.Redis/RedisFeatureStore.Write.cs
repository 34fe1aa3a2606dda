using System.Globalization;
using StackExchange.Redis;

namespace RealtimeInference.Redis;

public sealed partial class RedisFeatureStore
{
    /// <summary>Stores rows, each as a whole, with its expiry: all of them in one round trip.</summary>
    /// <param name="rows">Rows that were completed as found, with a timestamp. One that is older than the stored row is left out.</param>
    /// <param name="cancellationToken">Gives the write up; rows may have been stored.</param>
    /// <returns>A task that ends when the rows can be read, and then gives how many were stored.</returns>
    /// <remarks>
    /// A row with an <see cref="FeatureRow.ExpiresAt"/> lives until then, any other as long as
    /// <see cref="RedisFeatureStoreOptions.Expiry"/> says. Times are kept to the microsecond. Needs a server that runs Lua scripts.
    /// </remarks>
    /// <exception cref="ArgumentException">A row is not complete, has no timestamp or no key, or has a value that is too large.</exception>
    /// <exception cref="FeatureStoreUnavailableException">Redis failed, or did not answer in time; rows may have been stored.</exception>
    public async ValueTask<int> WriteAsync(ReadOnlyMemory<FeatureRow> rows, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (rows.IsEmpty)
        {
            return 0;
        }

        // All of them are checked before the first is sent.
        RedisValue[][] arguments = [.. ToArguments(rows)];
        var results = new Task<RedisResult>[rows.Length];
        Task all = Send(
            batch =>
            {
                for (int i = 0; i < results.Length; i++)
                {
                    FeatureRow row = rows.Span[i];
                    results[i] = batch.ScriptEvaluateAsync(RowScript.Text, [_layout.GetKey(row.View, row.Key)], arguments[i]);
                }

                return Task.WhenAll(results);
            });
        await WaitAsync(all, cancellationToken).ConfigureAwait(false);
        return results.Sum(static r => (int)r.Result);
    }

    /// <summary>Removes a row, if there is one.</summary>
    /// <param name="view">The view.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="FeatureStoreUnavailableException">Redis failed, or did not answer in time.</exception>
    public async ValueTask<bool> RemoveAsync(FeatureView view, EntityKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(view);
        cancellationToken.ThrowIfCancellationRequested();
        if (key.IsEmpty)
        {
            return false;
        }

        Task<bool>? result = null;
        await WaitAsync(Send(batch => result = batch.KeyDeleteAsync(_layout.GetKey(view, key))), cancellationToken).ConfigureAwait(false);
        return result!.Result;
    }

    private Task Send(Func<IBatch, Task> add)
    {
        try
        {
            IBatch batch = _database.CreateBatch();
            Task all = add(batch);
            batch.Execute();
            return all;
        }
        catch (RedisException exception)
        {
            // No server can be reached: the batch says so before it has sent anything.
            return Task.FromException(exception);
        }
    }

    private async Task WaitAsync(Task task, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(_options.WriteTimeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception) when (!task.IsCompleted)
        {
            throw new FeatureStoreUnavailableException(
                string.Create(CultureInfo.InvariantCulture, $"Redis did not take a write within {_options.WriteTimeout.TotalMilliseconds:0.###} ms."), null, exception);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            throw new FeatureStoreUnavailableException($"Redis failed while it was written to: {exception.Message}", null, exception);
        }
    }

    private IEnumerable<RedisValue[]> ToArguments(ReadOnlyMemory<FeatureRow> rows)
    {
        DateTimeOffset? expiry = _options.TimeProvider.GetUtcNow() + _options.Expiry;
        for (int i = 0; i < rows.Length; i++)
        {
            FeatureRow row = rows.Span[i];
            if (!row.IsFound || row.Timestamp is not { } timestamp || row.Key.IsEmpty)
            {
                throw new ArgumentException(
                    $"Row {i} ({row}) cannot be stored: {(row.Key.IsEmpty ? "it has no key" : row.IsFound ? "it has no timestamp" : "it is not complete")}. " +
                    $"Set its fields, and call {nameof(FeatureRow.CompleteFound)} with the time of the values.",
                    nameof(rows));
            }

            yield return ToArguments(row, timestamp, row.ExpiresAt ?? expiry);
        }
    }

    private RedisValue[] ToArguments(FeatureRow row, DateTimeOffset timestamp, DateTimeOffset? expiresAt)
    {
        List<RedisValue> arguments =
        [
            TextLayout.WriteTimestamp(timestamp),
            expiresAt is { } end ? end.ToUnixTimeMilliseconds() : RedisValue.EmptyString,
        ];
        RedisValue[] names = _layout.GetFields(row.View);
        FeatureValues values = row.Read();
        for (int i = 0; i < row.View.Fields.Count; i++)
        {
            RedisValue value = FieldText.Write(values, row.View.Fields[i]);
            if (value.IsNull)
            {
                continue;
            }

            if (value.GetLongByteCount() > _options.MaxValueBytes)
            {
                throw new ArgumentException(
                    $"The field '{row.View.Fields[i].Name}' of {row} has {value.GetLongByteCount()} bytes, more than " +
                    $"{nameof(RedisStoreOptions.MaxValueBytes)}, which is {_options.MaxValueBytes}.");
            }

            arguments.Add(names[i]);
            arguments.Add(value);
        }

        return [.. arguments];
    }
}
