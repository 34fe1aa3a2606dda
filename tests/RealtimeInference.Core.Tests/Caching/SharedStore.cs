using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace RealtimeInference.Core.Tests.Caching;

/// <summary>
/// The distributed cache of Microsoft.Extensions that keeps its entries in memory, behind counters and faults. A type of its own: over the original
/// a HybridCache would leave it out, as it is no store that hosts could share.
/// </summary>
internal sealed class SharedStore : IDistributedCache
{
    private readonly MemoryDistributedCache _inner = new(Options.Create(new MemoryDistributedCacheOptions()));
    private readonly ConcurrentDictionary<string, bool> _keys = new();
    private int _reads;
    private int _writes;

    public Exception? Fault { get; set; }

    /// <summary>Gets or sets what reads wait for, whatever their token says.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public int Reads => Volatile.Read(ref _reads);

    public int Writes => Volatile.Read(ref _writes);

    public ICollection<string> Keys => _keys.Keys;

    public void AwaitWrites(int count) => CachePipelines.Await(() => Writes >= count, "predictions are written off the request's path");

    public byte[]? Get(string key) => GetAsync(key).GetAwaiter().GetResult();

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        // The times at which tags were declared invalid, which a HybridCache keeps beside the entries.
        if (!key.StartsWith("__MSFT", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _reads);
            if (Gate is { } gate)
            {
                await gate.Task;
            }
        }

        return Fault is null ? await _inner.GetAsync(key, token) : throw Fault;
    }

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => _inner.Set(key, value, options);

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        if (Fault is { } fault)
        {
            throw fault;
        }

        await _inner.SetAsync(key, value, options, token);
        _keys[key] = true;
        Interlocked.Increment(ref _writes);
    }

    public void Refresh(string key) => _inner.Refresh(key);

    public Task RefreshAsync(string key, CancellationToken token = default) => _inner.RefreshAsync(key, token);

    public void Remove(string key) => _inner.Remove(key);

    public Task RemoveAsync(string key, CancellationToken token = default) => _inner.RemoveAsync(key, token);
}
