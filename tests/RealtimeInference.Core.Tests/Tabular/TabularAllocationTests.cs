namespace RealtimeInference.Core.Tests.Tabular;

[Trait("Category", "Allocation")]
public sealed class TabularAllocationTests
{
    [Fact]
    public void Encode_ColumnsByFunctions_AllocatesNothing()
    {
        FeatureSpecification specification = FeatureSpecification.Parse("""
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
        IInputEncoder<Row> encoder = specification.CreateEncoder<Row>(static map => map
            .Number("amount", r => r.Amount)
            .Number("band", r => r.Amount ?? 0)
            .Boolean("active", r => r.Active)
            .Category("city", r => r.Text)
            .Date("opened", r => r.Opened)
            .Category("product", r => r.Text));
        Row[] rows = [new(3, true, "a", new DateTime(2026, 3, 9)), new(null, false, new string('é', 400), new DateTime(2026, 3, 9, 17, 0, 0))];
        var signature = new ModelSignature(
            specification.Tensors.Select(static t => new TensorSpec(t.Name, t.ElementType, [TensorDimension.Free("N"), TensorDimension.Fixed(t.Width)])), []);
        var set = new InputSet(signature);

        Encode(1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Encode(10_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);

        object?[] boxes = [rows[0].Amount, rows[0].Opened];
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BePositive("the measure sees what is allocated");
        boxes.Should().HaveCount(2);
        set.Free();

        void Encode(int count)
        {
            for (int i = 0; i < count; i++)
            {
                set.Begin(1);
                encoder.Encode(rows[i & 1], new InputTensors(set, 0));
            }
        }
    }

    private sealed record Row(double? Amount, bool Active, string Text, DateTime Opened);
}
