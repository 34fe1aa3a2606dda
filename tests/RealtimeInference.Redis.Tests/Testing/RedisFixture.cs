using StackExchange.Redis;

namespace RealtimeInference.Redis.Tests;

/// <summary>One server and one connection for the tests that break neither; each test has keys of its own.</summary>
public sealed class RedisFixture : IDisposable
{
    private readonly ITestServer _server;
    private int _tests;

    public RedisFixture()
    {
        _server = TestServers.Start();
        Multiplexer = ConnectionMultiplexer.Connect($"127.0.0.1:{_server.Port},allowAdmin=true");
        Database = Multiplexer.GetDatabase();
    }

    public ConnectionMultiplexer Multiplexer { get; }

    public IDatabase Database { get; }

    public int Port => _server.Port;

    /// <summary>Makes a prefix that no other test has.</summary>
    public string NewPrefix() => $"test{Interlocked.Increment(ref _tests)}:";

    public void Dispose()
    {
        Multiplexer.Dispose();
        _server.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class SharedRedis : ICollectionFixture<RedisFixture>
{
    public const string Name = "redis";
}
