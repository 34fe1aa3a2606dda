namespace RealtimeInference.Redis.Tests;

/// <summary>A real server on a port of its own, which can be killed and started again on the same port, empty.</summary>
internal interface ITestServer : IDisposable
{
    int Port { get; }

    void Start();

    void Kill();
}
