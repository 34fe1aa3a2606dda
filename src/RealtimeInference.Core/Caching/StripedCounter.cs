using System.Numerics;
using System.Runtime.InteropServices;

namespace RealtimeInference;

/// <summary>A counter that many processors raise at once: each has a cache line of its own.</summary>
internal sealed class StripedCounter
{
    private readonly Cell[] _cells = new Cell[BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount)];

    public long Sum
    {
        get
        {
            long sum = 0;
            foreach (ref Cell cell in _cells.AsSpan())
            {
                sum += Interlocked.Read(ref cell.Value);
            }

            return sum;
        }
    }

    public void Increment()
    {
        Cell[] cells = _cells;
        Interlocked.Increment(ref cells[Thread.GetCurrentProcessorId() & (cells.Length - 1)].Value);
    }

    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Cell
    {
        [FieldOffset(64)]
        public long Value;
    }
}
