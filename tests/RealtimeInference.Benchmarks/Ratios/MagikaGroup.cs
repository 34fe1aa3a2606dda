using RealtimeInference.Benchmarks.Batching;
using RealtimeInference.Benchmarks.Magika;

namespace RealtimeInference.Benchmarks.Ratios;

/// <summary>A real model, with and without batching: a lone caller should not pay for it, and many should gain.</summary>
internal sealed class MagikaGroup : IRatioGroup
{
    private const int Count = 11;
    private static readonly TimeSpan s_slice = TimeSpan.FromSeconds(1);

    public string Name => "magika";

    public IEnumerable<Comparison> Run()
    {
        using var batched = new OurMagika(Gathering.Batched);
        using var unbatched = new OurMagika(Gathering.Unbatched);
        OurMagika.RequireEqual(batched, unbatched);
        yield return Compare("1 caller, batching on vs off, files per second", CreateLoad(batched, 1), CreateLoad(unbatched, 1));
        yield return Compare("32 callers, batching on vs unbatched on 2 threads, files per second", CreateLoad(batched, 32), CreateLoad(unbatched, 2));
    }

    private static SlowLoad CreateLoad(OurMagika magika, int callers) => new(callers, async (caller, turn) =>
    {
        await magika.PredictAsync((turn * callers) + caller).ConfigureAwait(false);
        return 1;
    });

    private static Comparison Compare(string name, SlowLoad ours, SlowLoad baseline)
    {
        (double a, double b, double ratio) = Rounds.Compare(Count, () => ours.Run(s_slice), () => baseline.Run(s_slice));
        return new Comparison(name, a, b, ratio, "none", true);
    }
}
