using Microsoft.Extensions.Time.Testing;

namespace RealtimeInference.Core.Tests.Features;

public sealed class ReadGateTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ReadGate _gate = new(2);

    [Fact]
    public void Enter_UpToTheBound_IsFull()
    {
        ReadTicket ticket = _gate.Enter(_clock);
        _gate.IsFull.Should().BeFalse();
        _gate.Enter(_clock);
        _gate.IsFull.Should().BeTrue();

        _gate.Exit(ticket, wasAbandoned: false);

        _gate.IsFull.Should().BeFalse();
    }

    [Fact]
    public void TryProbe_Full_ComesAtGrowingDistanceUpToAMinute()
    {
        _gate.Enter(_clock);
        _gate.Enter(_clock);
        List<int> probes = [];
        for (int second = 0; second < 300; second++)
        {
            if (_gate.TryProbe(_clock, out ReadTicket ticket))
            {
                probes.Add(second);
                _gate.Abandon(ticket);
            }

            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        probes.Should().Equal(1, 3, 7, 15, 31, 63, 123, 183, 243);
    }

    [Fact]
    public void Exit_ProbeInTime_WritesOffWhatWasAbandonedOnly()
    {
        ReadTicket running = _gate.Enter(_clock);
        ReadTicket lost = _gate.Abandon(_gate.Enter(_clock));
        _clock.Advance(TimeSpan.FromSeconds(1));
        _gate.TryProbe(_clock, out ReadTicket probe).Should().BeTrue();

        _gate.Exit(probe, wasAbandoned: false);

        _gate.Open.Should().Be(1, "the one that runs");
        _gate.Exit(lost, wasAbandoned: true);
        _gate.Open.Should().Be(1, "what was written off does not count twice");
        ReadTicket late = _gate.Abandon(running);
        _gate.Open.Should().Be(1);
        _gate.Exit(late, wasAbandoned: true);
        _gate.Open.Should().Be(0);
    }

    [Fact]
    public void Concurrent_RandomUse_CountsToZero()
    {
        Parallel.For(0, 4, worker =>
        {
            var random = new Random(worker);
            for (int i = 0; i < 20_000; i++)
            {
                if (_gate.IsFull)
                {
                    continue;
                }

                ReadTicket ticket = _gate.Enter(_clock);
                bool isAbandoned = random.Next(2) == 0;
                _gate.Exit(isAbandoned ? _gate.Abandon(ticket) : ticket, isAbandoned);
            }
        });

        _gate.Open.Should().Be(0);
    }
}
