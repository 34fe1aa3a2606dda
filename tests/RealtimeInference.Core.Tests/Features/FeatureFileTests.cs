using System.Text;
using Microsoft.Extensions.Time.Testing;
using Microsoft.VisualBasic.FileIO;

namespace RealtimeInference.Core.Tests.Features;

public sealed class FeatureFileTests
{
    private const string Header = "card,timestamp,average,total,count,limit,is_blocked,country,last_use,embedding\n";
    private static readonly DateTimeOffset s_now = new(2030, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly CardFeatures _card = new();
    private readonly InMemoryFeatureStore _store = new(new InMemoryFeatureStoreOptions { TimeProvider = new FakeTimeProvider(s_now) });

    [Fact]
    public async Task LoadCsv_EveryType_IsRead()
    {
        int stored = Csv(Header + "7,2030-01-01T00:00:00Z,7.5,7.125,7,70000000000,false,country 7,1970-01-08,7 -7\n" + "a b,,,,,,,\"\",,\n");

        stored.Should().Be(2);
        using FeatureRow seven = await Read(7);
        _card.Check(seven.Read(), 7);
        seven.Timestamp.Should().Be(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using FeatureRow empty = await Read("a b");
        empty.Read().Get(_card.Country).Should().BeEmpty("an empty cell in quotes is an empty text");
        empty.Read().GetDefaultReason(_card.Average).Should().Be(FeatureDefaultReason.Missing);
        empty.Timestamp.Should().Be(s_now, "it is the time of loading where the file says none");
    }

    [Fact]
    public async Task LoadCsv_OtherNamesAndSeparator_AreTaken()
    {
        const string text = "id;when;note;country\r\n1;2030-01-01;\"a;b\r\n\"\"c\"\"\";Peru\r\n";
        var options = new FeatureFileOptions { KeyColumn = "id", TimestampColumn = "when", Separator = ';', AllowMissingColumns = true };
        using var stream = new MemoryStream([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)]);

        _store.LoadCsv(_card.View, stream, options).Should().Be(1);

        stream.CanRead.Should().BeTrue("the stream is the caller's");
        using FeatureRow row = await Read(1);
        row.Read().Get(_card.Country).Should().Be("Peru");
    }

    [Theory]
    [InlineData("", 1, null, "a header", "an empty file")]
    [InlineData("card,average\n", 1, null, "columns for the key and for all fields of 'card_30d'", "no 'total', 'count', 'limit', 'is_blocked', 'country', 'last_use', 'embedding' among 'card', 'average'")]
    [InlineData("card,card\n", 1, "card", "each column once", "two of the name")]
    [InlineData(Header + "1,,x,,,,,,,", 2, "average", "a number", "'x'")]
    [InlineData(Header + "1,,,,,,,,,\n\n2,,,,1.5,,,,,", 4, "count", "a whole number of 32 bits", "'1.5'")]
    [InlineData(Header + "1,,,,,,,\"two\nlines\",,\n2,,,,,,maybe,,,", 4, "is_blocked", "true, false, 1 or 0", "'maybe'")]
    [InlineData(Header + "1,,,,,,,,,1 2 3", 2, "embedding", "2 numbers", "'1 2 3'")]
    [InlineData(Header + "1,soon,,,,,,,,", 2, "timestamp", "a time in ISO 8601", "'soon'")]
    [InlineData(Header + ",,,,,,,,,", 2, "card", "a key", "an empty cell")]
    [InlineData(Header + "1,2", 2, null, "10 cells, as in the header", "2")]
    [InlineData(Header + "1,\"x", 2, "2", "a closing quote", "the end of the file")]
    [InlineData(Header + "1,\"x\"y,", 2, "2", "',' or the end of the line after the closing quote", "'y'")]
    [InlineData(Header + "1,x\"y\",", 2, "2", "a quote only around a whole cell, and two for one inside it", "a quote inside a cell without quotes")]
    public void LoadCsv_Fault_SaysWhereAndStoresNothing(string text, int line, string? column, string expected, string found)
    {
        FeatureFileException exception = ((Action)(() => Csv(text.StartsWith(Header, StringComparison.Ordinal) ? Header + "9,,,,,,,,,\n" + text[Header.Length..] : text)))
            .Should().Throw<FeatureFileException>().Which;

        (exception.Line - (text.StartsWith(Header, StringComparison.Ordinal) ? 1 : 0)).Should().Be(line);
        exception.Column.Should().Be(column);
        exception.Expected.Should().Be(expected);
        exception.Found.Should().Be(found);
        exception.Message.Should().Contain($"expected {expected}, found {found}");
        _store.Count.Should().Be(0, "a file with a fault is refused as a whole");
    }

    [Fact]
    public void LoadCsv_FromAFile_NamesIt()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Header + "1,,x,,,,,,,\n");
            _store.Invoking(s => s.LoadCsv(_card.View, path)).Should().Throw<FeatureFileException>()
                .WithMessage($"'{path}', line 2, column 'average': expected a number, found 'x'.");
            File.WriteAllText(path, """{"card": 1, "count": 3}""");
            _store.LoadJsonLines(_card.View, path).Should().Be(1);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void CsvReader_RandomTexts_ReadsWhatTheFrameworksReaderReads()
    {
        var random = new Random(7);
        string[] pieces = ["a", "bc", ",", "\"", "\"\"", " ", "\n", "\r\n", "é", ""];
        int compared = 0;
        for (int round = 0; round < 3_000; round++)
        {
            // Written as the standard has it, so that both must read it.
            string[][] records = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Enumerable.Range(0, random.Next(2, 5))
                .Select(_ => string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => pieces[random.Next(pieces.Length)]))).ToArray())];
            string text = string.Join("\r\n", records.Select(r => string.Join(",", r.Select(c => Quote(c, random)))));

            List<string[]> read = [];
            var csv = new CsvReader(new StringReader(text), ',', null);
            while (csv.Read())
            {
                read.Add([.. Enumerable.Range(0, csv.CellCount).Select(i => csv[i].ToString())]);
            }

            read.Should().BeEquivalentTo(records, static o => o.WithStrictOrdering(), "of {0}", text);

            // The framework's reader loses blank cells at the end of lines inside quotes; it is asked where it is sure of itself.
            if (!records.Any(static r => r.Any(static c => c.Contains('\n') || c.Contains('\r'))))
            {
                using var parser = new TextFieldParser(new StringReader(text)) { TrimWhiteSpace = false, HasFieldsEnclosedInQuotes = true };
                parser.SetDelimiters(",");
                List<string[]> reference = [];
                while (!parser.EndOfData)
                {
                    reference.Add(parser.ReadFields()!);
                }

                read.Should().BeEquivalentTo(reference, static o => o.WithStrictOrdering(), "of {0}", text);
                compared++;
            }
        }

        compared.Should().BeGreaterThan(300);
    }

    [Fact]
    public void CsvReader_RandomCharacters_EndsInRecordsOrAFault()
    {
        var random = new Random(11);
        int faults = 0;
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => "a,\"\r\n"[random.Next(5)]));
            var csv = new CsvReader(new StringReader(text), ',', null);
            try
            {
                while (csv.Read())
                {
                    csv.Line.Should().BeInRange(1, text.Length + 1);
                }
            }
            catch (FeatureFileException)
            {
                faults++;
            }
        }

        faults.Should().BeInRange(1, 19_999);
    }

    [Fact]
    public async Task LoadJsonLines_EveryType_IsRead()
    {
        int stored = Json("""
            {"card": "7", "timestamp": "2030-01-01T00:00:00Z", "average": 7.5, "total": 7.125, "count": 7, "limit": 70000000000, "is_blocked": false, "country": "country 7", "last_use": "1970-01-08", "embedding": [7, -7], "more": {"a": [1, 2]}}

            {"country": null, "card": 8, "timestamp": null}
            """);

        stored.Should().Be(2);
        using FeatureRow seven = await Read(7);
        _card.Check(seven.Read(), 7);
        using FeatureRow eight = await Read("8");
        eight.Timestamp.Should().Be(s_now);
        _card.CheckDefaults(eight.Read());
    }

    [Theory]
    [InlineData("[1]", null, "a JSON object", "an array")]
    [InlineData("{\"count\": 1}", "card", "a key", "none")]
    [InlineData("{\"card\": 1.5}", "card", "a text or a whole number", "1.5")]
    [InlineData("{\"card\": 1, \"count\": \"3\"}", "count", "a whole number of 32 bits", "\"3\"")]
    [InlineData("{\"card\": 1, \"count\": 3.5}", "count", "a whole number of 32 bits", "3.5")]
    [InlineData("{\"card\": 1, \"country\": {}}", "country", "a text", "an object")]
    [InlineData("{\"card\": 1, \"is_blocked\": 1}", "is_blocked", "true, false, 1 or 0", "1")]
    [InlineData("{\"card\": 1, \"embedding\": [1]}", "embedding", "2 numbers", "1")]
    [InlineData("{\"card\": 1, \"embedding\": [1, \"2\"]}", "embedding", "2 numbers", "\"2\"")]
    [InlineData("{\"card\": 1, \"timestamp\": 5}", "timestamp", "a time in ISO 8601", "5")]
    public void LoadJsonLines_Fault_SaysWhereAndStoresNothing(string line, string? property, string expected, string found)
    {
        FeatureFileException exception = ((Action)(() => Json("{\"card\": 9}\n" + line))).Should().Throw<FeatureFileException>().Which;

        exception.Line.Should().Be(2);
        exception.Column.Should().Be(property);
        exception.Expected.Should().Be(expected);
        exception.Found.Should().Be(found);
        _store.Count.Should().Be(0);
    }

    [Theory]
    [InlineData("{\"card\": 1")]
    [InlineData("{\"card\": 1} x")]
    [InlineData("{'card': 1}")]
    public void LoadJsonLines_NoJson_SaysAtWhichByte(string line)
    {
        ((Action)(() => Json(line))).Should().Throw<FeatureFileException>().WithMessage("Line 1: expected a JSON object, found a fault at byte *")
            .WithInnerException<System.Text.Json.JsonException>();
    }

    [Fact]
    public void Options_Faults_AreNamedTogether()
    {
        var options = new FeatureFileOptions { KeyColumn = "", TimestampColumn = "", Separator = '"' };

        _store.Invoking(s => s.LoadCsv(_card.View, new StringReader(""), options)).Should().Throw<ArgumentException>()
            .WithMessage("*KeyColumn*TimestampColumn*Separator*");
    }

    private static string Quote(string cell, Random random) =>
        cell.AsSpan().ContainsAny(",\"\r\n") || cell.Length == 0 || random.Next(2) == 0 ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;

    private int Csv(string text) => _store.LoadCsv(_card.View, new StringReader(text));

    private int Json(string text) => _store.LoadJsonLines(_card.View, new StringReader(text));

    private async Task<FeatureRow> Read(EntityKey key)
    {
        FeatureRow row = FeatureRow.Rent(_card.View, key);
        await _store.ReadAsync(new[] { row }, default);
        row.IsFound.Should().BeTrue();
        return row;
    }
}
