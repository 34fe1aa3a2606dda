using System.Net;
using System.Net.Sockets;

namespace RealtimeInference.Redis.Tests;

/// <summary>
/// Makes servers. By default Garnet in this process; where the environment variable <c>RTI_TEST_REDIS</c> names a program, such as
/// <c>/usr/bin/redis-server</c>, that program: the same tests, over a socket either way.
/// </summary>
internal static class TestServers
{
    public static ITestServer Start()
    {
        ITestServer server = Environment.GetEnvironmentVariable("RTI_TEST_REDIS") is { Length: > 0 } program
            ? new RedisProcess(program, FindPort())
            : new GarnetInProcess(FindPort());
        server.Start();
        return server;
    }

    private static int FindPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
