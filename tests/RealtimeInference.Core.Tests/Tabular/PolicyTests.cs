namespace RealtimeInference.Core.Tests.Tabular;

/// <summary>What each feature makes of values, of none, and of those that it does not know.</summary>
public sealed class PolicyTests
{
    [Theory]
    [InlineData("\"type\": \"number\"", "2.5", new[] { 2.5f })]
    [InlineData("\"type\": \"number\", \"mean\": 1, \"std\": 2", "5", new[] { 2f })]
    [InlineData("\"type\": \"number\", \"min\": 10, \"max\": 30", "15", new[] { 0.25f })]
    [InlineData("\"type\": \"number\", \"min\": 10, \"max\": 30", "50", new[] { 2f })]
    [InlineData("\"type\": \"number\", \"min\": 10, \"max\": 30, \"clip\": [10, 30]", "50", new[] { 1f })]
    [InlineData("\"type\": \"number\", \"clip\": [null, 3]", "-7", new[] { -7f })]
    [InlineData("\"type\": \"number\", \"clip\": [-2, null]", "-7", new[] { -2f })]
    [InlineData("\"type\": \"number\", \"clip\": [-2, 2]", "Infinity", new[] { 2f })]
    [InlineData("\"type\": \"number\", \"transform\": \"log1p\"", "0", new[] { 0f })]
    [InlineData("\"type\": \"number\", \"transform\": \"log1p\"", "1.718281828459045", new[] { 1f })]
    [InlineData("\"type\": \"number\", \"transform\": \"log1p\"", "1e-15", new[] { 1e-15f })]
    [InlineData("\"type\": \"number\", \"transform\": \"log1p\", \"mean\": 1, \"std\": 0.5", "1.718281828459045", new[] { 0f })]
    [InlineData("\"type\": \"number\", \"boundaries\": [0, 10]", "-1", new[] { 1f, 0, 0 })]
    [InlineData("\"type\": \"number\", \"boundaries\": [0, 10]", "0", new[] { 0f, 1, 0 })]
    [InlineData("\"type\": \"number\", \"boundaries\": [0, 10]", "10", new[] { 0f, 0, 1 })]
    [InlineData("\"type\": \"number\", \"boundaries\": [0, 10], \"encoding\": \"ordinal\"", "Infinity", new[] { 2f })]
    [InlineData("\"type\": \"boolean\"", "1", new[] { 1f })]
    [InlineData("\"type\": \"boolean\"", "False", new[] { 0f })]
    [InlineData("\"type\": \"category\", \"categories\": [\"a\", \"b\"]", "b", new[] { 0f, 1 })]
    [InlineData("\"type\": \"category\", \"categories\": [\"a\", \"b\"], \"unknown\": \"all-zero\"", "B", new[] { 0f, 0 })]
    [InlineData("\"type\": \"category\", \"categories\": [\"a\", \"b\"], \"unknown\": \"own\"", "c", new[] { 0f, 0, 1 })]
    [InlineData("\"type\": \"category\", \"categories\": [\"a\", \"b\"], \"unknown\": \"own\"", "a", new[] { 1f, 0, 0 })]
    [InlineData("\"type\": \"category\", \"categories\": [\"a\", \"b\"], \"encoding\": \"ordinal\"", "b", new[] { 1f })]
    [InlineData("\"type\": \"category\", \"categories\": [\"a\", \"b\"], \"encoding\": \"ordinal\", \"unknown\": \"own\"", "c", new[] { 2f })]
    [InlineData("\"type\": \"category\", \"encoding\": \"hash\", \"buckets\": 1000", "test", new[] { 307f })] // 0xBA6BD213 % 1000
    [InlineData("\"type\": \"category\", \"encoding\": \"hash-one-hot\", \"buckets\": 3", "test", new[] { 1f, 0, 0 })]
    [InlineData("\"type\": \"date\", \"parts\": [\"year\", \"month\", \"day\", \"day-of-week\", \"day-of-year\", \"hour\", \"minute\"]", "2026-03-09T17:05:59", new[] { 2026f, 3, 9, 0, 68, 17, 5 })]
    [InlineData("\"type\": \"date\", \"parts\": [\"hour\", \"day-of-week\"]", "2026-03-08 23:30+09:00", new[] { 23f, 6 })]
    [InlineData("\"type\": \"date\", \"parts\": [\"hour\"], \"cyclical\": true", "2026-03-08T06:00", new[] { 1f, 0f })]
    public void Encode_AValue_MakesTheElements(string feature, string value, float[] expected)
    {
        float[] found = Encoded.X(feature, value);

        found.Should().HaveCount(expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            found[i].Should().BeApproximately(expected[i], Math.Abs(expected[i]) * 1e-6f + 1e-7f);
        }
    }

    [Theory]
    [InlineData("\"type\": \"number\", \"mean\": 3, \"std\": 2, \"missing\": \"all-zero\"", new[] { 0f })]
    [InlineData("\"type\": \"number\", \"mean\": 3, \"std\": 2, \"missing\": \"default\", \"default\": 7", new[] { 2f })]
    [InlineData("\"type\": \"number\", \"mean\": 3, \"std\": 2, \"clip\": [0, 5], \"missing\": \"default\", \"default\": 7", new[] { 1f })]
    [InlineData("\"type\": \"number\", \"mean\": 3, \"std\": 2, \"missing\": \"indicator\"", new[] { 0f, 1 })]
    [InlineData("\"type\": \"number\", \"mean\": 3, \"std\": 2, \"missing\": \"indicator\", \"default\": 7", new[] { 2f, 1 })]
    [InlineData("\"type\": \"number\", \"boundaries\": [0], \"missing\": \"indicator\"", new[] { 0f, 0, 1 })]
    [InlineData("\"type\": \"number\", \"boundaries\": [0], \"missing\": \"default\", \"default\": 1", new[] { 0f, 1 })]
    [InlineData("\"type\": \"number\", \"boundaries\": [0], \"encoding\": \"ordinal\", \"missing\": \"indicator\"", new[] { 0f, 1 })]
    [InlineData("\"type\": \"boolean\", \"missing\": \"all-zero\"", new[] { 0f })]
    [InlineData("\"type\": \"boolean\", \"missing\": \"default\", \"default\": true", new[] { 1f })]
    [InlineData("\"type\": \"boolean\", \"missing\": \"indicator\"", new[] { 0f, 1 })]
    [InlineData("\"type\": \"category\", \"categories\": [\"a\", \"b\"], \"missing\": \"all-zero\"", new[] { 0f, 0 })]
    [InlineData("\"type\": \"category\", \"categories\": [\"a\", \"b\"], \"missing\": \"default\", \"default\": \"b\"", new[] { 0f, 1 })]
    [InlineData("\"type\": \"category\", \"categories\": [\"a\", \"b\"], \"unknown\": \"own\", \"missing\": \"indicator\"", new[] { 0f, 0, 0, 1 })]
    [InlineData("\"type\": \"category\", \"categories\": [\"a\", \"b\"], \"unknown\": \"own\", \"missing\": \"unknown\"", new[] { 0f, 0, 1 })]
    [InlineData("\"type\": \"category\", \"categories\": [\"a\", \"b\"], \"unknown\": \"all-zero\", \"missing\": \"unknown\"", new[] { 0f, 0 })]
    [InlineData("\"type\": \"category\", \"categories\": [\"a\", \"b\"], \"encoding\": \"ordinal\", \"missing\": \"indicator\", \"default\": \"b\"", new[] { 1f, 1 })]
    [InlineData("\"type\": \"category\", \"encoding\": \"hash\", \"buckets\": 1000, \"missing\": \"default\", \"default\": \"test\"", new[] { 307f })]
    [InlineData("\"type\": \"category\", \"encoding\": \"hash-one-hot\", \"buckets\": 2, \"missing\": \"all-zero\"", new[] { 0f, 0 })]
    [InlineData("\"type\": \"date\", \"parts\": [\"hour\", \"day\"], \"missing\": \"all-zero\"", new[] { 0f, 0 })]
    [InlineData("\"type\": \"date\", \"parts\": [\"hour\"], \"cyclical\": true, \"missing\": \"indicator\"", new[] { 0f, 0, 1 })]
    public void Encode_NoValue_DoesWhatTheFeatureSays(string feature, float[] expected)
    {
        Encoded.X(feature, null).Should().Equal(expected);
        Encoded.X(feature, "").Should().Equal(expected);
    }

    [Theory]
    [InlineData("\"type\": \"number\"", null, "is missing")]
    [InlineData("\"type\": \"number\"", "NaN", "is missing")]
    [InlineData("\"type\": \"number\"", "1,5", "'1,5' is not a number")]
    [InlineData("\"type\": \"number\"", "Infinity", "Infinity is out of the range")]
    [InlineData("\"type\": \"number\"", "1e300", "1E+300 is out of the range")]
    [InlineData("\"type\": \"number\", \"transform\": \"log1p\"", "-1", "-1 is out of the range")]
    [InlineData("\"type\": \"number\", \"transform\": \"log1p\"", "-2", "-2 is out of the range")]
    [InlineData("\"type\": \"boolean\"", null, "is missing")]
    [InlineData("\"type\": \"boolean\"", "2", "'2' is not 0, 1, false or true")]
    [InlineData("\"type\": \"category\", \"categories\": [\"a\"]", null, "is missing")]
    [InlineData("\"type\": \"category\", \"categories\": [\"a\"]", "b", "'b' is not one of the categories")]
    [InlineData("\"type\": \"category\", \"categories\": [\"a\"]", "a ", "'a ' is not one of the categories")]
    [InlineData("\"type\": \"category\", \"encoding\": \"hash\", \"buckets\": 2", null, "is missing")]
    [InlineData("\"type\": \"date\", \"parts\": [\"hour\"]", null, "is missing")]
    [InlineData("\"type\": \"date\", \"parts\": [\"hour\"]", "09/03/2026", "'09/03/2026' is not a date in ISO 8601")]
    public void Encode_WhatTheFeatureRefuses_IsRefusedWithItsName(string feature, string? value, string message)
    {
        FluentActions.Invoking(() => Encoded.X(feature, value)).Should().Throw<InputValidationException>()
            .Which.Faults.Should().ContainSingle().Which.Should().Match<InputFault>(f => f.Path == "x" && f.Message.StartsWith(message));
    }

    [Fact]
    public void Encode_ManyFaults_ReportsThemAll()
    {
        FeatureSpecification specification = FeatureSpecification.Load(Testing.TestModels.SamplePath("german-credit/features.json"));
        var row = new Dictionary<string, string?> { ["Duration"] = "x", ["Telephone"] = "perhaps" };

        FluentActions.Invoking(() => Encoded.Floats(specification.CreateTextEncoder(), row, specification)).Should().Throw<InputValidationException>()
            .Which.Faults.Select(static f => f.Path).Should().Equal(specification.Columns);
    }

    [Fact]
    public void Encode_AVeryLongText_IsCutInTheFault()
    {
        FluentActions.Invoking(() => Encoded.X("\"type\": \"category\", \"categories\": [\"a\"]", new string('z', 5000))).Should().Throw<InputValidationException>()
            .Which.Message.Length.Should().BeLessThan(300);
    }

    [Theory]
    [InlineData(5, "5")]
    [InlineData(5L, "5")]
    [InlineData(5f, "5")]
    [InlineData((short)5, "5")]
    [InlineData((byte)5, "5")]
    [InlineData((sbyte)5, "5")]
    [InlineData((ushort)5, "5")]
    [InlineData(5u, "5")]
    [InlineData(5ul, "5")]
    [InlineData("5", "5")]
    public void ObjectEncoder_AnyNumber_IsThatOfItsText(object value, string text)
    {
        FeatureSpecification specification = Encoded.Specification("\"type\": \"number\", \"mean\": 1, \"std\": 3");

        Encoded.Floats(specification.CreateObjectEncoder(), new Dictionary<string, object?> { ["x"] = value }, specification)
            .Should().Equal(Encoded.X("\"type\": \"number\", \"mean\": 1, \"std\": 3", text));
    }

    [Fact]
    public void ObjectEncoder_ValuesOfAWrongType_AreRefused()
    {
        foreach ((string feature, object value) in new (string, object)[]
        {
            ("\"type\": \"number\"", true),
            ("\"type\": \"boolean\"", DateTime.MinValue),
            ("\"type\": \"boolean\"", 7),
            ("\"type\": \"category\", \"categories\": [\"5\"]", 5),
            ("\"type\": \"date\", \"parts\": [\"hour\"]", 5),
        })
        {
            FeatureSpecification specification = Encoded.Specification(feature);
            FluentActions.Invoking(() => Encoded.Floats(specification.CreateObjectEncoder(), new Dictionary<string, object?> { ["x"] = value }, specification))
                .Should().Throw<InputValidationException>(feature);
        }
    }

    [Fact]
    public void ObjectEncoder_EnumsAndDates_AreRead()
    {
        FeatureSpecification category = Encoded.Specification("\"type\": \"category\", \"categories\": [\"Sunday\", \"Monday\"]");
        Encoded.Floats(category.CreateObjectEncoder(), new Dictionary<string, object?> { ["x"] = DayOfWeek.Monday }, category).Should().Equal(0, 1);

        FeatureSpecification date = Encoded.Specification("\"type\": \"date\", \"parts\": [\"day\", \"hour\"]");
        foreach (object value in new object[] { new DateTime(2026, 3, 9, 17, 0, 0), new DateTimeOffset(2026, 3, 9, 17, 0, 0, TimeSpan.FromHours(9)), "2026-03-09T17:00:00.125-05:00" })
        {
            Encoded.Floats(date.CreateObjectEncoder(), new Dictionary<string, object?> { ["x"] = value }, date).Should().Equal(9, 17);
        }

        Encoded.Floats(date.CreateObjectEncoder(), new Dictionary<string, object?> { ["x"] = new DateOnly(2026, 3, 9) }, date).Should().Equal(9, 0);
    }

    [Fact]
    public void Log1p_TinyAndHuge_IsExact()
    {
        TabularEncoding.Log1p(1e-18).Should().Be(1e-18);
        TabularEncoding.Log1p(1e-9).Should().BeApproximately(9.999999995e-10, 1e-24);
        TabularEncoding.Log1p(-0.5).Should().BeApproximately(Math.Log(0.5), 1e-15);
        TabularEncoding.Log1p(double.PositiveInfinity).Should().Be(double.PositiveInfinity);
        TabularEncoding.Log1p(1e300).Should().BeApproximately(Math.Log(1e300), 1e-12);
        double.IsNaN(TabularEncoding.Log1p(-1.5)).Should().BeTrue();
    }
}
