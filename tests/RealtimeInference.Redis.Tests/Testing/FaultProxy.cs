using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace RealtimeInference.Redis.Tests;

/// <summary>
/// A TCP proxy in front of a server: it can be slow, freeze (accepts and reads, never answers), or hold all answers until so many
/// commands have come; and it counts the commands and how often the talk turned from the client to the server.
/// </summary>
internal sealed class FaultProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private volatile TaskCompletionSource _open = CreateOpen();
    private volatile TaskCompletionSource _thawed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _delay;
    private int _turns;
    private string _counted = "";
    private int _commands;
    private int _heldUntil;
    private int _isAnswerSeen;

    public FaultProxy(int target)
    {
        _target = target;
        _thawed.SetResult();
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Gets how often requests came after an answer: the round trips.</summary>
    public int Turns => Volatile.Read(ref _turns);

    /// <summary>Gets how many of the counted commands came.</summary>
    public int Commands => Volatile.Read(ref _commands);

    /// <summary>Delays every answer from now on.</summary>
    public void Slow(TimeSpan delay) => _delay = delay;

    /// <summary>Stops answering, on the connections there are and on new ones; what clients send is read and kept.</summary>
    public void Freeze() => _thawed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Answers again; everything that was asked meanwhile is passed on.</summary>
    public void Thaw() => _thawed.TrySetResult();

    /// <summary>Counts a command from now on, and holds back the answers until so many of them have come.</summary>
    public void CountAndHold(string command, int holdUntil)
    {
        _counted = $"\r\n{command}\r\n";
        _heldUntil = holdUntil;
        _commands = 0;
        _turns = 0;
        _isAnswerSeen = 1;
        _open = holdUntil > 0 ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : CreateOpen();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        foreach (Socket socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private static TaskCompletionSource CreateOpen()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        open.SetResult();
        return open;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_stop.Token);
                _sockets.Add(client);
                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket client)
    {
        client.NoDelay = true;
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _sockets.Add(server);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            await Task.WhenAny(PumpAsync(client, server, isAnswer: false), PumpAsync(server, client, isAnswer: true));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
        finally
        {
            client.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, _stop.Token)) > 0)
            {
                if (isAnswer)
                {
                    await HoldAsync();
                }
                else
                {
                    await _thawed.Task.WaitAsync(_stop.Token);
                    Count(buffer.AsSpan(0, count));
                }

                for (int sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task HoldAsync()
    {
        await _thawed.Task.WaitAsync(_stop.Token);
        if (_delay > TimeSpan.Zero)
        {
            await Task.Delay(_delay, _stop.Token);
        }

        await _open.Task.WaitAsync(_stop.Token);
        Volatile.Write(ref _isAnswerSeen, 1);
    }

    // A command that is cut by the end of a buffer would be missed; those of the tests are shorter than a packet of the loopback.
    private void Count(ReadOnlySpan<byte> bytes)
    {
        if (_counted.Length == 0)
        {
            return;
        }

        string text = System.Text.Encoding.Latin1.GetString(bytes);
        int found = 0;
        for (int at = text.IndexOf(_counted, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(_counted, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            found++;
        }

        if (found > 0)
        {
            if (Interlocked.Exchange(ref _isAnswerSeen, 0) == 1)
            {
                Interlocked.Increment(ref _turns);
            }

            if (Interlocked.Add(ref _commands, found) >= _heldUntil)
            {
                _open.TrySetResult();
            }
        }
    }
}
