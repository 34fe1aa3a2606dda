namespace RealtimeInference.Core.Tests.Tabular;

[Trait("Category", "Allocation")]
public sealed class TabularAllocationTests
{
    private static readonly FeatureSpecification s_specification = FeatureSpecification.Parse("""
        { "tensors": [
          { "name": "dense", "inputs": [
            { "name": "amount", "type": "number", "mean": 1, "std": 2, "missing": "indicator" },
            { "name": "band", "type": "number", "boundaries": [1, 2, 3] },
            { "name": "active", "type": "boolean" },
            { "name": "city", "type": "category", "categories": ["a", "b"], "unknown": "own" },
            { "name": "opened", "type": "date", "parts": ["hour", "day-of-week"], "cyclical": true } ] },
          { "name": "ids", "type": "int64", "inputs": [
            { "name": "product", "type": "category", "encoding": "hash", "buckets": 1000 } ] } ] }
        """);

    [Fact]
    public void Encode_ColumnsByFunctions_AllocatesNothing()
    {
        IInputEncoder<Row> encoder = s_specification.CreateEncoder<Row>(static map => map
            .Number("amount", r => r.Amount)
            .Number("band", r => r.Amount ?? 0)
            .Boolean("active", r => r.Active)
            .Category("city", r => r.Text)
            .Date("opened", r => r.Opened)
            .Category("product", r => r.Text));

        Measure(encoder, new(3, true, "a", new DateTime(2026, 3, 9)), new(null, false, new string('é', 400), new DateTime(2026, 3, 9, 17, 0, 0))).Should().Be(0);
    }

    [Fact]
    public void Encode_TextsByPositionAndByName_AllocatesNothing()
    {
        string[] header = [.. s_specification.Columns];
        string[] first = ["3", "1e5", "true", "a", "2026-03-09", "p"];
        string[] second = ["", "2.5", "0", "z", "2026-03-09T17:05:00.5", "東京"];

        Measure(s_specification.CreateRowEncoder(header), first, second).Should().Be(0);
        Measure(
            s_specification.CreateTextEncoder(),
            header.Zip(first).ToDictionary(static p => p.First, static p => (string?)p.Second),
            header.Zip(second).ToDictionary(static p => p.First, static p => (string?)p.Second)).Should().Be(0);
    }

    [Fact]
    public void Measure_FunctionThatAllocates_SeesIt()
    {
        IInputEncoder<int> encoder = Encoded.Specification("\"type\": \"number\"").CreateEncoder<int>(static map => map.Value("x", i => (double)i));

        Measure(encoder, 1, 2, Encoded.Specification("\"type\": \"number\"")).Should().BeGreaterThanOrEqualTo(10_000 * 16);
    }

    private static long Measure<T>(IInputEncoder<T> encoder, T first, T second, FeatureSpecification? specification = null)
    {
        var signature = new ModelSignature(
            (specification ?? s_specification).Tensors.Select(static t => new TensorSpec(t.Name, t.ElementType, [TensorDimension.Free("N"), TensorDimension.Fixed(t.Width)])), []);
        var set = new InputSet(signature);
        try
        {
            Encode(1000);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Encode(10_000);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        finally
        {
            set.Free();
        }

        void Encode(int count)
        {
            for (int i = 0; i < count; i++)
            {
                set.Begin(1);
                encoder.Encode((i & 1) == 0 ? first : second, new InputTensors(set, 0));
            }
        }
    }

    private sealed record Row(double? Amount, bool Active, string Text, DateTime Opened);
}
