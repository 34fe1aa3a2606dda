using System.Globalization;

namespace RealtimeInference;

/// <summary>Reads the fields of one feature, and keeps what is wrong with them and which of them have had a meaning.</summary>
internal sealed class FieldReader(FeatureFields fields)
{
    private readonly List<(string Field, string Message)> _faults = [];
    private readonly HashSet<string> _used = ["name", "type", "description"];

    public IReadOnlyList<(string Field, string Message)> Faults => _faults;

    public object? this[string field]
    {
        get
        {
            _used.Add(field);
            return fields[field];
        }
    }

    public bool Has(string field) => fields.Has(field);

    public IReadOnlyList<T> List<T>(string field) => this[field] as IReadOnlyList<T> ?? [];

    public void RefuseUnused(string what)
    {
        foreach (string field in fields.Given.Where(f => !_used.Contains(f)))
        {
            Add(field, $"means nothing for a {what}; take it out");
        }
    }

    /// <summary>Reads what happens without a value.</summary>
    /// <param name="canBeZero">Whether zeros are no value of their own.</param>
    /// <param name="canBeUnknown">Whether there is a way to go for unknown values.</param>
    /// <param name="canHaveDefault">Whether a value can be written down for it.</param>
    public MissingRule Missing(bool canBeZero, bool canBeUnknown = false, bool canHaveDefault = true)
    {
        string? word = Choice("missing", canHaveDefault ? ["fail", "all-zero", "default", "indicator", "unknown"] : ["fail", "all-zero", "indicator"], "fail");
        bool hasDefault = canHaveDefault && Has("default");
        if (word == "all-zero" && !canBeZero)
        {
            Add("missing", "found 'all-zero', which for an index is the first one; say \"indicator\", \"fail\", or \"default\" with the value");
        }
        else if (word == "unknown" && !canBeUnknown)
        {
            Add("missing", "found 'unknown', which is for categories that are listed; expected 'fail', 'all-zero', 'default' or 'indicator'");
        }
        else if (word == "default" && !hasDefault)
        {
            Add("default", "is missing, expected the value that stands for a missing one");
        }
        else if (hasDefault && word is not ("default" or "indicator"))
        {
            Add("default", $"means nothing while \"missing\" is '{word}'; say \"missing\": \"default\" or \"indicator\"");
        }

        return word switch
        {
            "all-zero" => MissingRule.AllZero,
            "default" => MissingRule.Default,
            "indicator" => MissingRule.Indicator,
            "unknown" => MissingRule.Unknown,
            _ => MissingRule.Fail,
        };
    }

    public string? Choice(string field, string[] choices, string? fallback = null)
    {
        if (!Has(field) && fallback is not null)
        {
            return fallback;
        }

        object? given = this[field];
        string? word = given as string;
        if (word is null || !choices.Contains(word))
        {
            Add(field, $"{(word is null ? "is missing" : $"found '{word}'")}, expected {Words(choices)}");
            return fallback;
        }

        return word;
    }

    public double? Number(string field)
    {
        if (this[field] is not double number)
        {
            Add(field, Has(field) ? $"found '{this[field]}', expected a number" : "is missing, expected a number");
            return null;
        }

        if (double.IsNaN(number) || double.IsInfinity(number))
        {
            Add(field, $"found {Show(number)}, expected a finite number");
            return null;
        }

        return number;
    }

    public double? Optional(string field) => Has(field) ? Number(field) : null;

    public void Add(string field, string message) => _faults.Add((field, message));

    public static string Show(double? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "none";

    public static string Words(IEnumerable<string> words)
    {
        string[] all = [.. words.Select(static w => $"'{w}'")];
        return all.Length == 1 ? all[0] : string.Join(", ", all.Take(all.Length - 1)) + " or " + all[all.Length - 1];
    }
}
