namespace RealtimeInference.Core.Tests.Tabular;

public sealed class SpecificationFaultTests
{
    [Theory]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "mean": 1 } ] }""", "inputs[0].std", "missing, expected a number")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "mean": 1, "std": 0 } ] }""", "inputs[0].std", "found 0, expected a number above 0")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "mean": "x", "std": 1 } ] }""", "inputs[0].mean", "found the text \"x\", expected a number")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "mean": 1, "std": 1, "max": 3 } ] }""", "inputs[0].max", "means nothing for a number with the transform 'standardize'")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "min": 3, "max": 3 } ] }""", "inputs[0].max", "found 3, expected a number above the min, 3")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "transform": "log" } ] }""", "inputs[0].transform", "found 'log', expected 'none', 'standardize', 'minmax', 'log1p' or 'bucket'")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "clip": [3, 1] } ] }""", "inputs[0].clip", "found 1, expected at least the lower bound, 3")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "clip": 3 } ] }""", "inputs[0].clip", "expected the lowest and the highest value")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "clip": [1, "x"] } ] }""", "inputs[0].clip", "found the text \"x\" in it")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "boundaries": [] } ] }""", "inputs[0].boundaries", "found none")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "boundaries": [1, 3, 3] } ] }""", "inputs[0].boundaries", "found 3 after 3, expected each to be above the one before")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "boundaries": [1, null] } ] }""", "inputs[0].boundaries", "found null in it, expected only numbers")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "boundaries": [1], "encoding": "hash" } ] }""", "inputs[0].encoding", "found 'hash', expected 'one-hot' or 'ordinal'")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "boundaries": [1], "encoding": "ordinal", "missing": "all-zero" } ] }""", "inputs[0].missing", "for an index is the first one")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "missing": "default" } ] }""", "inputs[0].default", "missing, expected the value that stands for a missing one")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "default": 3 } ] }""", "inputs[0].default", "means nothing while \"missing\" is 'fail'")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "missing": "default", "default": true } ] }""", "inputs[0].default", "expected a number")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "missing": "unknown" } ] }""", "inputs[0].missing", "for categories that are listed")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "boolean", "mean": 3 } ] }""", "inputs[0].mean", "means nothing for a boolean")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "boolean", "missing": "default", "default": 1 } ] }""", "inputs[0].default", "expected true or false")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "category" } ] }""", "inputs[0].categories", "found none, expected at least one")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "category", "categories": ["x", "y", "x"] } ] }""", "inputs[0].categories", "found 'x' twice")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "category", "categories": ["x", ""] } ] }""", "inputs[0].categories", "found an empty one")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "category", "categories": "x" } ] }""", "inputs[0].categories", "expected an array of texts")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "category", "categories": ["x"], "encoding": "onehot" } ] }""", "inputs[0].encoding", "expected 'one-hot', 'ordinal', 'hash' or 'hash-one-hot'")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "category", "categories": ["x"], "encoding": "ordinal", "unknown": "all-zero" } ] }""", "inputs[0].unknown", "found 'all-zero', expected 'fail' or 'own'")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "category", "categories": ["x"], "missing": "default", "default": "z" } ] }""", "inputs[0].default", "found 'z', expected one of the categories")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "category", "categories": ["x"], "missing": "unknown" } ] }""", "inputs[0].missing", "an unknown category fails")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "category", "encoding": "hash" } ] }""", "inputs[0].buckets", "missing, expected a number")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "category", "encoding": "hash", "buckets": 0 } ] }""", "inputs[0].buckets", "from 1 to 16777216")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "category", "encoding": "hash", "buckets": 2.5 } ] }""", "inputs[0].buckets", "found 2.5, expected a whole number")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "category", "encoding": "hash", "buckets": 9, "seed": -1 } ] }""", "inputs[0].seed", "from 0 to 4294967295")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "category", "encoding": "hash", "buckets": 9, "categories": ["x"] } ] }""", "inputs[0].categories", "means nothing")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "date" } ] }""", "inputs[0].parts", "found none, expected some of 'year'")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "date", "parts": ["hour", "weekday"] } ] }""", "inputs[0].parts", "found 'weekday'")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "date", "parts": ["hour", "hour"] } ] }""", "inputs[0].parts", "found 'hour' twice")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "date", "parts": ["year"], "cyclical": true } ] }""", "inputs[0].parts", "never comes back")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "date", "parts": ["hour"], "cyclical": "yes" } ] }""", "inputs[0].cyclical", "expected true or false")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "date", "parts": ["hour"], "missing": "default" } ] }""", "inputs[0].missing", "found 'default', expected 'fail', 'all-zero' or 'indicator'")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "date", "parts": ["hour"], "default": "2020-01-01" } ] }""", "inputs[0].default", "means nothing for a date")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "text" } ] }""", "inputs[0].type", "found 'text', expected 'number', 'boolean', 'category' or 'date'")]
    [InlineData("""{ "inputs": [ { "name": "a" } ] }""", "inputs[0].type", "is missing")]
    [InlineData("""{ "inputs": [ { "type": "number" } ] }""", "inputs[0]", "\"name\" is missing")]
    [InlineData("""{ "inputs": [ { "name": "", "type": "number" } ] }""", "inputs[0].name", "found an empty name")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "stdd": 1 } ] }""", "inputs[0].stdd", "unknown, expected 'name'")]
    [InlineData("""{ "inputs": [ 3 ] }""", "inputs[0]", "found the number 3, expected an object")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number" }, { "name": "a", "type": "boolean" } ] }""", "inputs[1]", "found a second feature 'a'")]
    [InlineData("""{ "inputs": [] }""", "", "found no feature for the tensor 'features'")]
    [InlineData("""{ "inputs": {} }""", "inputs", "found an object, expected an array of features")]
    [InlineData("""{ "tensors": [] }""", "tensors", "found none, expected at least one tensor")]
    [InlineData("""{ "tensors": [ { "inputs": [ { "name": "a", "type": "number" } ] } ] }""", "tensors[0]", "\"name\" is missing")]
    [InlineData("""{ "tensors": [ { "name": "t", "type": "int64", "inputs": [ { "name": "a", "type": "number" } ] }, { "name": "u", "inputs": [ { "name": "b", "type": "boolean" } ] } ] }""", "tensors[0].inputs[0]", "makes fractions, and the tensor 't' holds int64")]
    [InlineData("""{ "tensors": [ { "name": "t", "inputs": [ { "name": "a", "type": "number" } ] }, { "name": "t", "inputs": [ { "name": "b", "type": "boolean" } ] } ] }""", "tensors[1]", "found a second tensor 't'")]
    [InlineData("""{ "tensors": [ { "name": "t", "type": "double", "inputs": [ { "name": "a", "type": "number" } ] } ] }""", "tensors[0].type", "expected \"float32\" or \"int64\"")]
    [InlineData("""{ "tensor": "", "inputs": [ { "name": "a", "type": "number" } ] }""", "tensor", "expected the name of an input of the model")]
    [InlineData("""{ "features": [] }""", "features", "unknown, expected")]
    [InlineData("""[]""", "", "found an array, expected an object")]
    [InlineData("""{ "inputs": [ """, "", "not JSON: found the end, expected a value")]
    [InlineData("""{ "inputs": [], "inputs": [] }""", "", "found \"inputs\" twice in one object")]
    [InlineData("""{ "inputs": [ { "name": "a", "type": "number", "mean": 1e999, "std": 1 } ] }""", "", "found 1e999, expected a number in the range of a double")]
    public void Parse_AFault_SaysWhereWhatAndWhatWasExpected(string json, string path, string message)
    {
        FluentActions.Invoking(() => FeatureSpecification.Parse(json)).Should().Throw<FeatureSpecificationException>()
            .Which.Faults.Should().Contain(f => f.Path == path && f.Message.Contains(message));
    }

    [Fact]
    public void Parse_FaultsAllOver_ReportsThemAllInOrder()
    {
        const string json = """
            {
              "inputs": [
                { "name": "a", "type": "number", "mean": 1, "std": -1 },
                { "name": "b", "type": "category", "categories": ["x", "x"], "unknown": "skip" },
                { "name": "c", "type": "what" }
              ],
              "extra": 1
            }
            """;

        FeatureSpecificationException exception =
            FluentActions.Invoking(() => FeatureSpecification.Parse(json)).Should().Throw<FeatureSpecificationException>().Which;

        exception.Faults.Select(static f => f.Path).Should().Equal(
            "inputs[0].std", "inputs[1].categories", "inputs[1].unknown", "inputs[2].type", "extra");
        exception.Faults.Select(static f => f.Line).Should().Equal(3, 4, 4, 5, 7);
        exception.Faults[0].Column.Should().Be(56);
        exception.Message.Should().StartWith("The feature specification has 5 faults: line 3, column 56: inputs[0].std: found -1")
            .And.Contain("(feature 'a')").And.Contain("line 7, column 3: extra: unknown");
    }

    [Fact]
    public void Load_NoFile_SaysWhich()
    {
        FluentActions.Invoking(() => FeatureSpecification.Load("no/such.json")).Should().Throw<FeatureSpecificationException>()
            .Where(static e => e.Path == "no/such.json" && e.Message.Contains("no/such.json") && e.Faults.Count == 0);
    }

    [Fact]
    public void Load_FileWithFault_NamesTheFile()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "{ }");
        try
        {
            FluentActions.Invoking(() => FeatureSpecification.Load(path)).Should().Throw<FeatureSpecificationException>()
                .Where(e => e.Path == path && e.Message.Contains(path) && e.Message.Contains("\"inputs\" is missing"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Load_FileThatIsNotUtf8_IsRefused()
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, [.. "{ \"inputs\": [ { \"name\": \""u8, 0xE9, .. "\", \"type\": \"number\" } ] }"u8]);
        try
        {
            FluentActions.Invoking(() => FeatureSpecification.Load(path)).Should().Throw<FeatureSpecificationException>().Where(e => e.Path == path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
