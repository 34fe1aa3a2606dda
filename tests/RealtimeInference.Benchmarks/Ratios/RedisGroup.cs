using RealtimeInference.Benchmarks.Redis;
using RealtimeInference.Redis.Tests;

namespace RealtimeInference.Benchmarks.Ratios;

/// <summary>
/// A read from the Redis store, typed rows with all of their values, behind circuit breaker and time-out, against the bare
/// StackExchange.Redis call for the same fields of the same keys. One server over the loopback address, one connection, both sides.
/// </summary>
internal sealed class RedisGroup : IRatioGroup
{
    public string Name => "redis";

    public IEnumerable<Comparison> Run()
    {
        using ITestServer server = TestServers.Start();
        using var lookups = new RedisLookups(server.Port);
        lookups.Check();
        foreach (int entities in new[] { 1, 10 })
        {
            yield return Compare(
                $"look-up of {entities} {(entities == 1 ? "entity" : "entities")}, one caller, vs HashGetAsync",
                Loop(() => lookups.ReadAsync(entities)),
                Loop(() => lookups.ReadBareAsync(entities)),
                1.15);
            yield return Compare(
                $"look-up of {entities} in Feast's layout, one caller, vs HashGetAsync",
                Loop(() => lookups.ReadFeastAsync(entities)),
                Loop(() => lookups.ReadBareFeastAsync(entities)),
                bar: null);
        }

        yield return Compare(
            "look-up of 1 entity, 16 callers at once, vs HashGetAsync",
            Loop(() => Together(() => lookups.ReadAsync(1))),
            Loop(() => Together(() => lookups.ReadBareAsync(1))),
            bar: null);
    }

    private static Comparison Compare(string name, Action<int> ours, Action<int> baseline, double? bar)
    {
        (double oursTime, double baselineTime, double ratio) = PairedTimer.Measure(ours, baseline);
        return new Comparison(name, oursTime, baselineTime, ratio, bar is null ? "none" : FormattableString.Invariant($"at most {bar:0.00}"), bar is null || ratio <= bar);
    }

    private static Action<int> Loop(Func<Task> once) => count =>
    {
        LoopAsync(once, count).GetAwaiter().GetResult();

        static async Task LoopAsync(Func<Task> once, int count)
        {
            for (int i = 0; i < count; i++)
            {
                await once().ConfigureAwait(false);
            }
        }
    };

    private static Task Together(Func<Task> once) => Task.WhenAll(Enumerable.Range(0, 16).Select(_ => once()));
}
