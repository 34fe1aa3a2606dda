using System.Globalization;
using System.Text.Json;
using RealtimeInference.Generators.Tests;

namespace RealtimeInference.Benchmarks.Tabular;

/// <summary>The encoder that most people write: each row a dictionary, a loop over the columns, and a search for each category.</summary>
internal sealed class DictionaryEncoder : IInputEncoder<CreditApplicant>, IInputEncoder<Dictionary<string, object>>
{
    private readonly ColumnInfo[] _columns;

    public DictionaryEncoder(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        _columns =
        [
            .. json.RootElement.GetProperty("inputs").EnumerateArray().Select(static c => new ColumnInfo(
                c.GetProperty("name").GetString()!,
                c.GetProperty("type").GetString()!,
                c.TryGetProperty("mean", out JsonElement mean) ? mean.GetDouble() : 0,
                c.TryGetProperty("std", out JsonElement std) ? std.GetDouble() : 1,
                c.TryGetProperty("categories", out JsonElement categories) ? [.. categories.EnumerateArray().Select(static x => x.GetString()!)] : [])),
        ];
    }

    public void Encode(CreditApplicant input, InputTensors tensors) => Encode(ToRow(input), tensors);

    public void Encode(Dictionary<string, object> input, InputTensors tensors)
    {
        Span<float> features = tensors.Get<float>("features");
        int position = 0;
        foreach (ColumnInfo column in _columns)
        {
            object value = input[column.Name];
            switch (column.Type)
            {
                case "number":
                    features[position++] = (float)((Convert.ToDouble(value, CultureInfo.InvariantCulture) - column.Mean) / column.Std);
                    break;
                case "boolean":
                    features[position++] = (bool)value ? 1 : 0;
                    break;
                default:
                    int index = column.Categories.IndexOf((string)value);
                    if (index >= 0)
                    {
                        features[position + index] = 1;
                    }

                    position += column.Categories.Count;
                    break;
            }
        }
    }

    public static Dictionary<string, object> ToRow(CreditApplicant a) => new()
    {
        ["Duration"] = a.Duration,
        ["Amount"] = a.Amount,
        ["InstallmentRatePercentage"] = a.InstallmentRatePercentage,
        ["ResidenceDuration"] = a.ResidenceDuration,
        ["Age"] = a.Age,
        ["NumberExistingCredits"] = a.NumberExistingCredits,
        ["NumberPeopleMaintenance"] = a.NumberPeopleMaintenance,
        ["Telephone"] = a.Telephone,
        ["ForeignWorker"] = a.ForeignWorker,
        ["CheckingAccountStatus"] = a.CheckingAccountStatus,
        ["CreditHistory"] = a.CreditHistory,
        ["Purpose"] = a.Purpose,
        ["SavingsAccountBonds"] = a.SavingsAccountBonds,
        ["EmploymentDuration"] = a.EmploymentDuration,
        ["Personal"] = a.Personal,
        ["OtherDebtorsGuarantors"] = a.OtherDebtorsGuarantors,
        ["Property"] = a.Property,
        ["OtherInstallmentPlans"] = a.OtherInstallmentPlans,
        ["Housing"] = a.Housing,
        ["Job"] = a.Job,
    };

    private sealed record ColumnInfo(string Name, string Type, double Mean, double Std, List<string> Categories);
}
