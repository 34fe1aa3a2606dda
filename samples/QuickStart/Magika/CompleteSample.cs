using RealtimeInference;

namespace QuickStart;

/// <summary>Refuses a sample with too few bytes: its file shrank while it was read.</summary>
public sealed class CompleteSample(MagikaConfig config) : IInputValidator<FileSample>
{
    public void Validate(FileSample input, FaultCollector faults)
    {
        long expected = Math.Min(input.Length, config.BlockSize);
        Check(nameof(FileSample.Head), input.Head.Length, expected, faults);
        Check(nameof(FileSample.Tail), input.Tail.Length, expected, faults);
    }

    private static void Check(string path, int found, long expected, FaultCollector faults)
    {
        // Not AddIf: that would make the message for every valid sample, too.
        if (found != expected)
        {
            faults.Add(path, $"has {found} bytes instead of {expected}");
        }
    }
}
