using System.Globalization;

namespace RealtimeInference.Generators.Tests.Testing;

/// <summary>One feature, made up: as a file says it, as attributes say it, and values for it.</summary>
internal sealed class RandomFeature
{
    private static readonly string[] s_words = ["a", "b", "Zürich", "東京", "🚲", "two words", "quote\"back\\slash", "tab\there", "{brace}", "very-long-" + new string('x', 300)];
    private static readonly double[] s_numbers = [0, -0.0, 1, -1, 0.1, 1.0 / 3, 5e-324, 1e-300, 1e300, double.MaxValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
    private readonly Random _random;

    public RandomFeature(Random random, string name, bool isWhole)
    {
        _random = random;
        Name = name;
        switch (random.Next(isWhole ? 1 : 0, 6))
        {
            case 0: MakeNumber(); break;
            case 1: MakeBucket(); break;
            case 2: MakeBoolean(); break;
            case 3: MakeCategory(); break;
            case 4: MakeHash(); break;
            default: MakeDate(isWhole); break;
        }
    }

    public string Name { get; }

    public string Json { get; private set; } = "";

    public string Attribute { get; private set; } = "";

    public string Type { get; private set; } = "";

    /// <summary>Makes a value of the property's type.</summary>
    public Func<object?> NextValue { get; private set; } = static () => null;

    private void MakeNumber()
    {
        string mean = Number(_random.NextDouble() * 100), std = Number(0.01 + _random.NextDouble());
        (string json, string attribute) = _random.Next(5) switch
        {
            0 => ("", ""),
            1 => ($", \"mean\": {mean}, \"std\": {std}", $"Mean = {mean}, Std = {std}"),
            2 => ($", \"min\": {mean}, \"max\": {Number(200 + _random.NextDouble())}", $"Min = {mean}, Max = {{0}}"),
            3 => (", \"transform\": \"log1p\"", "Log1p = true"),
            _ => ($", \"transform\": \"log1p\", \"mean\": {mean}, \"std\": {std}", $"Log1p = true, Mean = {mean}, Std = {std}"),
        };
        attribute = attribute.Replace("{0}", json[(json.LastIndexOf(' ') + 1)..]);
        if (_random.Next(2) == 0)
        {
            string low = Number(-_random.Next(50)), high = Number(_random.Next(50));
            int which = _random.Next(3);
            json += $", \"clip\": [{(which == 1 ? "null" : low)}, {(which == 2 ? "null" : high)}]";
            attribute = Join(attribute, (which == 1 ? "" : $"ClipMin = {low}") + (which == 0 ? ", " : "") + (which == 2 ? "" : $"ClipMax = {high}"));
        }

        AddMissing(ref json, ref attribute, () => Number(_random.Next(100)), canBeZero: true);
        Finish("number", json, "Number", attribute);
        ChooseNumericType();
    }

    private void MakeBucket()
    {
        double[] boundaries = [.. Enumerable.Range(0, _random.Next(1, 6)).Select(_ => Math.Round((_random.NextDouble() * 20) - 10, 2)).Distinct().Order()];
        string list = string.Join(", ", boundaries.Select(Number));
        bool isOrdinal = _random.Next(2) == 0;
        string json = $", \"boundaries\": [{list}]{(isOrdinal ? ", \"encoding\": \"ordinal\"" : "")}";
        string attribute = list + (isOrdinal ? ", Ordinal = true" : "");
        AddMissing(ref json, ref attribute, () => Number(_random.Next(-12, 12)), canBeZero: !isOrdinal);
        Finish("number", json, "Bucket", attribute);
        ChooseNumericType(boundaries);
    }

    private void MakeBoolean()
    {
        string json = "", attribute = "";
        AddMissing(ref json, ref attribute, () => _random.Next(2) == 0 ? "true" : "false", canBeZero: true);
        Finish("boolean", json, "Boolean", attribute);
        bool isNullable = _random.Next(2) == 0;
        Type = isNullable ? "bool?" : "bool";
        NextValue = () => isNullable && _random.Next(4) == 0 ? null : _random.Next(2) == 0;
    }

    private void MakeCategory()
    {
        bool isEnum = _random.Next(3) == 0;
        string[] all = isEnum ? Enum.GetNames<DayOfWeek>() : s_words;
        string[] categories = [.. all.OrderBy(_ => _random.Next()).Take(_random.Next(1, all.Length))];
        bool isOrdinal = _random.Next(3) == 0;
        int unknown = isOrdinal ? _random.Next(2) * 2 : _random.Next(3);
        string json = $", \"categories\": [{string.Join(", ", categories.Select(Quote))}]{(isOrdinal ? ", \"encoding\": \"ordinal\"" : "")}, \"unknown\": \"{((string[])["fail", "all-zero", "own"])[unknown]}\"";
        string attribute = $"{string.Join(", ", categories.Select(Quote))}{(isOrdinal ? ", Ordinal = true" : "")}, Unknown = UnknownPolicy.{((string[])["Fail", "AllZero", "Own"])[unknown]}";
        AddMissing(ref json, ref attribute, () => Quote(categories[_random.Next(categories.Length)]), canBeZero: !isOrdinal, canBeUnknown: unknown > 0);
        Finish("category", json, "Category", attribute);
        if (isEnum)
        {
            bool isNullable = _random.Next(2) == 0;
            Type = isNullable ? "DayOfWeek?" : "DayOfWeek";
            NextValue = () => isNullable && _random.Next(4) == 0 ? null : (DayOfWeek)_random.Next(8);
        }
        else
        {
            Type = "string?";
            NextValue = () => _random.Next(6) == 0 ? null : _random.Next(8) == 0 ? "" : s_words[_random.Next(s_words.Length)];
        }
    }

    private void MakeHash()
    {
        int buckets = _random.Next(1, 50);
        uint seed = (uint)_random.Next(3);
        bool isOneHot = _random.Next(2) == 0;
        string json = $", \"encoding\": \"{(isOneHot ? "hash-one-hot" : "hash")}\", \"buckets\": {buckets}, \"seed\": {seed}";
        string attribute = $"{buckets}, Seed = {seed}{(isOneHot ? ", OneHot = true" : "")}";
        AddMissing(ref json, ref attribute, () => "\"none\"", canBeZero: isOneHot);
        Finish("category", json, "HashedCategory", attribute);
        Type = "string?";
        NextValue = () => _random.Next(6) == 0 ? null : _random.Next(8) == 0 ? "\uD83D alone" : s_words[_random.Next(s_words.Length)] + _random.Next(1000);
    }

    private void MakeDate(bool isWhole)
    {
        bool isCyclical = !isWhole && _random.Next(2) == 0;
        string[] words = ["year", "month", "day", "day-of-week", "day-of-year", "hour", "minute"];
        string[] members = Enum.GetNames<DatePart>();
        int[] chosen = [.. Enumerable.Range(isCyclical ? 1 : 0, isCyclical ? 6 : 7).OrderBy(_ => _random.Next()).Take(_random.Next(1, 6))];
        string json = $", \"parts\": [{string.Join(", ", chosen.Select(c => Quote(words[c])))}]{(isCyclical ? ", \"cyclical\": true" : "")}";
        string attribute = $"{string.Join(", ", chosen.Select(c => $"DatePart.{members[c]}"))}{(isCyclical ? ", Cyclical = true" : "")}";
        AddMissing(ref json, ref attribute, null, canBeZero: true);
        Finish("date", json, "DateParts", attribute);
        bool isNullable = _random.Next(2) == 0;
        int type = _random.Next(3);
        Type = ((string[])["DateTime", "DateTimeOffset", "DateOnly"])[type] + (isNullable ? "?" : "");
        NextValue = () =>
        {
            DateTime date = _random.Next(6) switch
            {
                0 => DateTime.MinValue.AddDays(1),
                1 => DateTime.MaxValue.AddDays(-1),
                2 => new DateTime(2024, 12, 31, 23, 59, 59),
                _ => new DateTime(2024, 1, 1).AddMinutes(_random.Next(3_000_000)),
            };
            return isNullable && _random.Next(4) == 0 ? null
                : type == 0 ? date
                : type == 1 ? new DateTimeOffset(date, TimeSpan.FromHours(_random.Next(-11, 12)))
                : DateOnly.FromDateTime(date);
        };
    }

    private void ChooseNumericType(params double[] special)
    {
        int type = _random.Next(6);
        Type = ((string[])["double", "double?", "float", "int?", "decimal", "Half?"])[type];
        NextValue = () =>
        {
            double number = _random.Next(4) == 0 ? s_numbers[_random.Next(s_numbers.Length)]
                : special.Length > 0 && _random.Next(2) == 0 ? special[_random.Next(special.Length)]
                : (_random.NextDouble() * 200) - 50;
            return type switch
            {
                0 => number,
                1 => _random.Next(4) == 0 ? null : number,
                2 => (float)number,
                3 => _random.Next(4) == 0 ? null : _random.Next(),
                4 => (decimal)_random.Next(-1000, 1000) / 7,
                _ => _random.Next(4) == 0 ? null : (Half)number,
            };
        };
    }

    private void AddMissing(ref string json, ref string attribute, Func<string>? replacement, bool canBeZero, bool canBeUnknown = false)
    {
        string[] words = ["fail", "indicator", .. canBeZero ? ["all-zero"] : (string[])[], .. replacement is null ? (string[])[] : ["default"], .. canBeUnknown ? ["unknown"] : (string[])[]];
        string word = words[_random.Next(words.Length)];
        string member = word == "all-zero" ? "AllZero" : char.ToUpperInvariant(word[0]) + word[1..];
        json += $", \"missing\": \"{word}\"";
        attribute = Join(attribute, $"Missing = MissingPolicy.{member}");
        if (word == "default" || (word == "indicator" && replacement is not null && _random.Next(2) == 0))
        {
            string value = replacement!();
            json += $", \"default\": {value}";
            attribute += $", Default = {value}";
        }
    }

    private void Finish(string type, string json, string attribute, string arguments)
    {
        Json = $"{{ \"name\": \"{Name}\", \"type\": \"{type}\"{json} }}";
        Attribute = $"{attribute}({arguments})";
    }

    private static string Join(string first, string second) => first.Length == 0 ? second : second.Length == 0 ? first : $"{first}, {second}";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    // These escapes are those of JSON and of C# alike.
    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\t", "\\t")}\"";
}
