using RealtimeInference.Redis;
using StackExchange.Redis;

namespace RealtimeInference.Benchmarks.Redis;

/// <summary>Ten features of cards, read by this library and by the bare client.</summary>
internal sealed class RedisLookups : IDisposable
{
    private const int Cards = 10;

    private readonly FeatureField<float>[] _fields = [.. Enumerable.Range(0, 8).Select(static i => new FeatureField<float>($"amount_{i}", -1))];
    private readonly FeatureField<long> _count = new("count", -1);
    private readonly FeatureField<string> _country = new("country", "??");
    private readonly FeatureView _view;
    private readonly ConnectionMultiplexer _multiplexer;
    private readonly IDatabase _database;
    private readonly RedisFeatureStore _store;
    private readonly FeastRedisStore _feast;
    private readonly RedisKey[] _keys = [.. Enumerable.Range(0, Cards).Select(static i => (RedisKey)$"rti:card:{i}")];
    private readonly RedisValue[] _names;
    private readonly RedisKey[] _feastKeys;
    private readonly RedisValue[] _feastNames;

    public RedisLookups(int port)
    {
        _view = new FeatureView("card", "card", [.. _fields, _count, _country]);
        _names = [.. _view.Fields.Select(static f => (RedisValue)f.Name), "_ts"];
        _multiplexer = ConnectionMultiplexer.Connect($"127.0.0.1:{port}");
        _database = _multiplexer.GetDatabase();

        // Longer time-outs than the defaults: a machine that pauses shall not open the circuit in the midst of a measurement.
        _store = new RedisFeatureStore(_multiplexer, new RedisFeatureStoreOptions { Timeout = TimeSpan.FromSeconds(5) });
        _feast = new FeastRedisStore(
            _multiplexer,
            new FeastRedisStoreOptions { Project = "cards", Timeout = TimeSpan.FromSeconds(5) }.AddEntity("card", new FeastJoinKey("card", FeastKeyType.Int64)));
        _store.WriteAsync(Enumerable.Range(0, Cards).Select(Create).ToArray()).AsTask().GetAwaiter().GetResult();
        (_feastKeys, _feastNames) = FeastCards.Write(_database, _view, Cards);
    }

    public async Task ReadAsync(int count)
    {
        FeatureRow[] rows = Rent(count);
        await _store.ReadAsync(rows, CancellationToken.None).ConfigureAwait(false);
        Return(rows);
    }

    public async Task ReadFeastAsync(int count)
    {
        FeatureRow[] rows = Rent(count);
        await _feast.ReadAsync(rows, CancellationToken.None).ConfigureAwait(false);
        Return(rows);
    }

    public Task ReadBareAsync(int count) => ReadBareAsync(_keys, _names, count);

    public Task ReadBareFeastAsync(int count) => ReadBareAsync(_feastKeys, _feastNames, count);

    /// <summary>A comparison of things that answer differently says nothing.</summary>
    public void Check()
    {
        RedisValue[] bare = _database.HashGet(_keys[3], _names);
        FeatureRow[] rows = [FeatureRow.Rent(_view, 3), FeatureRow.Rent(_view, 3)];
        _store.ReadAsync(rows.AsMemory(0, 1), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        _feast.ReadAsync(rows.AsMemory(1, 1), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        foreach (FeatureRow row in rows)
        {
            FeatureValues values = row.Read();
            for (int i = 0; i < _fields.Length; i++)
            {
                if (!values.Get(_fields[i]).Equals((float)bare[i]) || values.HasDefault(_fields[i]))
                {
                    throw new InvalidOperationException($"{_fields[i]} is {values.Get(_fields[i])}, the client says {bare[i]}.");
                }
            }

            if (values.Get(_count) != (long)bare[8] || values.Get(_country) != bare[9])
            {
                throw new InvalidOperationException("The count or the country differs.");
            }
        }
    }

    public void Dispose() => _multiplexer.Dispose();

    private static void Return(FeatureRow[] rows)
    {
        foreach (FeatureRow row in rows)
        {
            if (!row.IsFound)
            {
                throw new InvalidOperationException($"{row} was not found: {row.Error?.Message}");
            }

            row.Dispose();
        }
    }

    private Task ReadBareAsync(RedisKey[] keys, RedisValue[] names, int count)
    {
        if (count == 1)
        {
            return _database.HashGetAsync(keys[0], names);
        }

        var answers = new Task<RedisValue[]>[count];
        for (int i = 0; i < count; i++)
        {
            answers[i] = _database.HashGetAsync(keys[i], names);
        }

        return Task.WhenAll(answers);
    }

    private FeatureRow[] Rent(int count)
    {
        var rows = new FeatureRow[count];
        for (int i = 0; i < count; i++)
        {
            rows[i] = FeatureRow.Rent(_view, i);
        }

        return rows;
    }

    private FeatureRow Create(int card)
    {
        FeatureRow row = FeatureRow.Rent(_view, card);
        for (int i = 0; i < _fields.Length; i++)
        {
            row.Set(_fields[i], FeastCards.Amount(card, i));
        }

        row.Set(_count, FeastCards.Count(card));
        row.Set(_country, FeastCards.Country);
        row.CompleteFound(DateTimeOffset.UnixEpoch.AddDays(20_000));
        return row;
    }
}
