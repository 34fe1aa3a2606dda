using System.Globalization;
using Xunit.Abstractions;

namespace RealtimeInference.Interleaving.Tests;

/// <summary>
/// The hand-over between callers, workers and watchdog in many orders. INTERLEAVED_SCHEDULES asks for more of them,
/// INTERLEAVED_SEED for others, INTERLEAVED_SCENARIO for those of the scenarios with that in their name.
/// </summary>
[Collection(nameof(Interleaver))]
public sealed class HandOverTests(ITestOutputHelper output)
{
    private const int Least = 100_000;

    [Fact]
    public void HandOver_AHundredThousandSchedules_EachCallEndsOnceAndNothingIsLeftOver()
    {
        int asked = GetNumber("INTERLEAVED_SCHEDULES", Least);
        string? scenario = Environment.GetEnvironmentVariable("INTERLEAVED_SCENARIO");

        (int schedules, string? failure) = Explorer.ExploreAll(asked, GetNumber("INTERLEAVED_SEED", 1), scenario, output.WriteLine);

        string count = $"{schedules} schedules were run";
        output.WriteLine(count);
        Console.WriteLine(count);
        failure.Should().BeNull();
        schedules.Should().BeGreaterThanOrEqualTo(asked);
        output.WriteLine(string.Join(", ", Explorer.Seen.Select(static s => $"{s.Value} {s.Key}")));
        if (scenario is null)
        {
            Explorer.Seen.Where(static s => s.Value > 0).Select(static s => s.Key).Should().Contain(
                [
                    "answered", nameof(OperationCanceledException), nameof(DeadlineExceededException), nameof(OverloadedException),
                    nameof(FormatException), "relieved", "ended while it ran",
                ],
                "the scenarios are meant to have all of them");
        }
    }

    private static int GetNumber(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
