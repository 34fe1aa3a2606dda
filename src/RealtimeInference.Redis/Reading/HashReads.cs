using System.Collections.Concurrent;
using StackExchange.Redis;

namespace RealtimeInference.Redis;

/// <summary>The hashes of one read: what is asked, and the answers. Pooled.</summary>
/// <remarks>
/// Knows no rows: where the caller has stopped waiting, its rows are gone, but the answers still come, and the circuit counts them.
/// </remarks>
internal sealed class HashReads
{
#if DEBUG
    private const int InitialSize = 1;
    private const int MaxPooled = 2;
#else
    private const int InitialSize = 16;

    // As many reads as a host has under way at once; more are left to the garbage collector.
    private const int MaxPooled = 256;
#endif

    // Rare and large reads shall not keep their arrays.
    private const int MaxPooledSize = 1024;

    private static readonly ConcurrentQueue<HashReads> s_pool = new();
    private static int s_pooled;

    private RedisKey[] _keys = new RedisKey[InitialSize];
    private RedisValue[][] _fields = new RedisValue[InitialSize][];
    private int[] _rows = new int[InitialSize];
    private Task<RedisValue[]>?[] _tasks = new Task<RedisValue[]>?[InitialSize];

    private HashReads()
    {
    }

    /// <summary>Gets how many hashes are read.</summary>
    public int Count { get; private set; }

    public static HashReads Rent()
    {
        if (!s_pool.TryDequeue(out HashReads? reads))
        {
            return new HashReads();
        }

        Interlocked.Decrement(ref s_pooled);
        return reads;
    }

    /// <summary>Gives the object back; every answer must have come.</summary>
    public void Return()
    {
        if (_keys.Length > MaxPooledSize)
        {
            return;
        }

        Array.Clear(_keys, 0, Count);
        Array.Clear(_fields, 0, Count);
        Array.Clear(_tasks, 0, Count);
        Count = 0;
        if (Interlocked.Increment(ref s_pooled) <= MaxPooled)
        {
            s_pool.Enqueue(this);
        }
        else
        {
            Interlocked.Decrement(ref s_pooled);
        }
    }

    /// <summary>Adds a hash.</summary>
    /// <param name="row">Which of the caller's rows it is for.</param>
    /// <param name="key">The key of the hash.</param>
    /// <param name="fields">The names of the fields.</param>
    public void Add(int row, RedisKey key, RedisValue[] fields)
    {
        if (Count == _keys.Length)
        {
            Array.Resize(ref _keys, Count * 2);
            Array.Resize(ref _fields, Count * 2);
            Array.Resize(ref _rows, Count * 2);
            Array.Resize(ref _tasks, Count * 2);
        }

        _rows[Count] = row;
        _keys[Count] = key;
        _fields[Count++] = fields;
    }

    /// <summary>Sends the commands, one behind the other without waiting: one round trip.</summary>
    /// <returns>Ends when every answer has come.</returns>
    public Task Send(IDatabase database, CommandFlags flags)
    {
        if (Count == 1)
        {
            return _tasks[0] = database.HashGetAsync(_keys[0], _fields[0], flags);
        }

        IBatch batch = database.CreateBatch();
        for (int i = 0; i < Count; i++)
        {
            _tasks[i] = batch.HashGetAsync(_keys[i], _fields[i], flags);
        }

        batch.Execute();
        return Task.WhenAll(_tasks.AsSpan(0, Count)!);
    }

    /// <summary>Gets which of the caller's rows a hash is for.</summary>
    public int GetRow(int index) => _rows[index];

    /// <summary>Gets the answer to a command; null where it was not sent.</summary>
    public Task<RedisValue[]>? GetAnswer(int index) => _tasks[index];

    /// <summary>Finds an answer that says that the server is not well.</summary>
    public Exception? FindFailure()
    {
        for (int i = 0; i < Count; i++)
        {
            if (_tasks[i] is { IsCompletedSuccessfully: false } task && task.Exception?.InnerException is { } error && !IsFaultOfRow(error))
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>Gets whether an error is about one key alone: another type of value lies there than a hash.</summary>
    public static bool IsFaultOfRow(Exception error) =>
        error is RedisServerException && error.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal);
}
