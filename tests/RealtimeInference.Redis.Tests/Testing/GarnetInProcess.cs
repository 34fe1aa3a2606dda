using Garnet;

namespace RealtimeInference.Redis.Tests;

/// <summary>Microsoft's Garnet in this process, listening on the loopback address.</summary>
internal sealed class GarnetInProcess(int port) : ITestServer
{
    private GarnetServer? _server;

    public int Port => port;

    public void Start()
    {
        _server = new GarnetServer(
            ["--bind", "127.0.0.1", "--port", $"{port}", "--lua", "--memory", "128m", "--page", "16m", "--index", "8m", "--logger-level", "Error"]);
        _server.Start();
    }

    public void Kill()
    {
        _server?.Dispose();
        _server = null;
    }

    public void Dispose() => Kill();
}
