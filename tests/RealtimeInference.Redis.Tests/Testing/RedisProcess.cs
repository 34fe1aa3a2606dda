using System.Diagnostics;
using System.Net.Sockets;

namespace RealtimeInference.Redis.Tests;

/// <summary>A Redis server as a process of its own, listening on the loopback address, keeping nothing on disk.</summary>
internal sealed class RedisProcess(string program, int port) : ITestServer
{
    private Process? _process;

    public int Port => port;

    public void Start()
    {
        _process = Process.Start(new ProcessStartInfo(program)
        {
            ArgumentList = { "--bind", "127.0.0.1", "--port", $"{port}", "--save", "", "--appendonly", "no", "--daemonize", "no" },
            RedirectStandardOutput = true,
        })!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        if (!SpinWait.SpinUntil(IsListening, TimeSpan.FromSeconds(30)))
        {
            throw new InvalidOperationException($"{program} does not listen on port {port}.");
        }
    }

    public void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    public void Dispose() => Kill();

    private bool IsListening()
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
