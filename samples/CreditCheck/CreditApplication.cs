using System.Globalization;
using RealtimeInference;

namespace CreditCheck;

/// <summary>The request: who asks, and for what.</summary>
public sealed record CreditApplication(
    string Id,
    string CustomerId,
    double Duration,
    double Amount,
    double InstallmentRatePercentage,
    string Purpose,
    string OtherDebtorsGuarantors)
{
    private static readonly string[] s_purposes =
    [
        "Business", "DomesticAppliance", "Education", "Furniture.Equipment", "NewCar", "Other", "Radio.Television", "Repairs", "Retraining",
        "UsedCar", "Vacation",
    ];

    private static readonly string[] s_debtors = ["CoApplicant", "Guarantor", "None"];

    /// <summary>Finds every fault of an application. The bounds are the bank's: the model would answer beyond them too.</summary>
    public static void Validate(CreditApplication application, FaultCollector faults)
    {
        faults.AddIf(string.IsNullOrWhiteSpace(application.CustomerId), nameof(CustomerId), "is missing");
        faults.AddIf(application.Duration is not (>= 1 and <= 120), nameof(Duration), "must be 1 to 120 months");
        faults.AddIf(application.Amount is not (>= 100 and <= 50_000), nameof(Amount), "must be 100 to 50000");
        faults.AddIf(application.InstallmentRatePercentage is not (>= 1 and <= 4), nameof(InstallmentRatePercentage), "must be 1 to 4");
        faults.AddIf(!s_purposes.Contains(application.Purpose), nameof(Purpose), $"must be one of {string.Join(", ", s_purposes)}");
        faults.AddIf(!s_debtors.Contains(application.OtherDebtorsGuarantors), nameof(OtherDebtorsGuarantors), $"must be one of {string.Join(", ", s_debtors)}");
    }

    /// <summary>Reads the applications of the file. In it each customer applies once, so both have the same id.</summary>
    public static IEnumerable<CreditApplication> ReadCsv(string path)
    {
        string[]? header = null;
        foreach (string[] cells in File.ReadLines(path).Select(static line => line.Split(',')))
        {
            if (header is null)
            {
                header = cells;
                continue;
            }

            yield return new CreditApplication(
                Text("id"), Text("id"), Number("Duration"), Number("Amount"), Number("InstallmentRatePercentage"), Text("Purpose"), Text("OtherDebtorsGuarantors"));

            string Text(string column) => cells[Array.IndexOf(header, column)];

            double Number(string column) => double.Parse(Text(column), CultureInfo.InvariantCulture);
        }
    }
}
