namespace RealtimeInference.Core.Tests.Tabular;

public sealed class MappingTests
{
    private const string Json = """
        { "inputs": [
          { "name": "amount", "type": "number" },
          { "name": "active", "type": "boolean" },
          { "name": "city", "type": "category", "categories": ["a", "b"] },
          { "name": "opened", "type": "date", "parts": ["hour"] } ] }
        """;

    private readonly FeatureSpecification _specification = FeatureSpecification.Parse(Json);

    [Fact]
    public void CreateEncoder_EveryWrongColumn_IsNamed()
    {
        FluentActions.Invoking(() => _specification.CreateEncoder<Row>(map => map
                .Number("amount", static r => r.Amount)
                .Number("amount", static r => r.Amount)
                .Number("city", static r => r.Amount)
                .Text("Active", static r => "1")))
            .Should().Throw<FeatureMappingException>().Which.Faults.Should().Equal(
                "'amount' is mapped twice",
                "'city' is a category, and is mapped as a number",
                "there is no feature 'Active'; names are case-sensitive",
                "the boolean 'active' is mapped to nothing",
                "the date 'opened' is mapped to nothing");
    }

    [Fact]
    public void CreateRowEncoder_HeaderWithoutAColumn_NamesIt()
    {
        FluentActions.Invoking(() => _specification.CreateRowEncoder(["amount", "active", "opened", "amount"]))
            .Should().Throw<FeatureMappingException>().Which.Faults.Should().Equal("'amount' is mapped twice", "the category 'city' is mapped to nothing");
    }

    [Fact]
    public void RowEncoder_ShortRow_LacksItsLastColumns()
    {
        IInputEncoder<IReadOnlyList<string?>> encoder = _specification.CreateRowEncoder(["amount", "active", "city", "opened"]);

        FluentActions.Invoking(() => Encoded.Floats(encoder, ["1", "1"], _specification)).Should().Throw<InputValidationException>()
            .Which.Faults.Select(static f => f.Path).Should().Equal("city", "opened");
    }

    [Fact]
    public void CreateEncoder_TypedColumns_AreRead()
    {
        IInputEncoder<Row> encoder = _specification.CreateEncoder<Row>(static map => map
            .Number("amount", r => r.Amount)
            .Boolean("active", r => r.Active)
            .Category("city", r => r.City)
            .Date("opened", r => r.Opened));

        Encoded.Floats(encoder, new Row(3, true, "b", new DateTime(2026, 3, 9, 17, 0, 0)), _specification).Should().Equal(3, 1, 0, 1, 17);
    }

    [Fact]
    public void CreateEncoder_NullableColumnsAndOtherDates_AreRead()
    {
        FeatureSpecification specification = FeatureSpecification.Parse(Json.Replace("\"number\"", "\"number\", \"missing\": \"indicator\""));
        IInputEncoder<(int? Amount, DateTimeOffset When)> first = specification.CreateEncoder<(int? Amount, DateTimeOffset When)>(static map => map
            .Number("amount", r => r.Amount).Boolean("active", r => false).Category("city", r => "a").Date("opened", r => r.When));
        IInputEncoder<(int? Amount, DateOnly? When)> second = specification.CreateEncoder<(int? Amount, DateOnly? When)>(static map => map
            .Number("amount", r => r.Amount).Boolean("active", r => false).Category("city", r => "a").Date("opened", r => r.When));

        Encoded.Floats(first, (null, new DateTimeOffset(2026, 3, 9, 17, 0, 0, TimeSpan.FromHours(5))), specification).Should().Equal(0, 1, 0, 1, 0, 17);
        Encoded.Floats(second, (4, new DateOnly(2026, 3, 9)), specification).Should().Equal(4, 0, 0, 1, 0, 0);
    }

    private sealed record Row(int Amount, bool Active, string? City, DateTime Opened);
}
