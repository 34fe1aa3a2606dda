using RealtimeInference;

namespace CreditCheck;

/// <summary>What the bank knows about a customer: features, looked up by the customer's id. Their defaults are the typical applicant's values.</summary>
public static class Customers
{
    private static readonly Applicant s_typical = Applicant.Typical;
    private static readonly FeatureField<double> s_residence = new("ResidenceDuration", s_typical.ResidenceDuration);
    private static readonly FeatureField<double> s_age = new("Age", s_typical.Age);
    private static readonly FeatureField<double> s_credits = new("NumberExistingCredits", s_typical.NumberExistingCredits);
    private static readonly FeatureField<double> s_people = new("NumberPeopleMaintenance", s_typical.NumberPeopleMaintenance);
    private static readonly FeatureField<bool> s_telephone = new("Telephone", s_typical.Telephone);
    private static readonly FeatureField<bool> s_foreignWorker = new("ForeignWorker", s_typical.ForeignWorker);
    private static readonly FeatureField<string> s_account = new("CheckingAccountStatus", s_typical.CheckingAccountStatus);
    private static readonly FeatureField<string> s_history = new("CreditHistory", s_typical.CreditHistory);
    private static readonly FeatureField<string> s_savings = new("SavingsAccountBonds", s_typical.SavingsAccountBonds);
    private static readonly FeatureField<string> s_employment = new("EmploymentDuration", s_typical.EmploymentDuration);
    private static readonly FeatureField<string> s_personal = new("Personal", s_typical.Personal);
    private static readonly FeatureField<string> s_property = new("Property", s_typical.Property);
    private static readonly FeatureField<string> s_plans = new("OtherInstallmentPlans", s_typical.OtherInstallmentPlans);
    private static readonly FeatureField<string> s_housing = new("Housing", s_typical.Housing);
    private static readonly FeatureField<string> s_job = new("Job", s_typical.Job);

    public static FeatureView View { get; } = new(
        "customer",
        "id",
        [
            s_residence, s_age, s_credits, s_people, s_telephone, s_foreignWorker, s_account, s_history, s_savings, s_employment, s_personal,
            s_property, s_plans, s_housing, s_job,
        ]);

    public static Applicant Join(CreditApplication application, FeatureValues customer) => new()
    {
        Duration = application.Duration,
        Amount = application.Amount,
        InstallmentRatePercentage = application.InstallmentRatePercentage,
        Purpose = application.Purpose,
        OtherDebtorsGuarantors = application.OtherDebtorsGuarantors,
        ResidenceDuration = customer.Get(s_residence),
        Age = customer.Get(s_age),
        NumberExistingCredits = customer.Get(s_credits),
        NumberPeopleMaintenance = customer.Get(s_people),
        Telephone = customer.Get(s_telephone),
        ForeignWorker = customer.Get(s_foreignWorker),
        CheckingAccountStatus = customer.Get(s_account),
        CreditHistory = customer.Get(s_history),
        SavingsAccountBonds = customer.Get(s_savings),
        EmploymentDuration = customer.Get(s_employment),
        Personal = customer.Get(s_personal),
        Property = customer.Get(s_property),
        OtherInstallmentPlans = customer.Get(s_plans),
        Housing = customer.Get(s_housing),
        Job = customer.Get(s_job),
    };

    /// <summary>Keeps the customers of the file in memory.</summary>
    public static InMemoryFeatureStore Load(string path)
    {
        var store = new InMemoryFeatureStore();
        store.LoadCsv(View, path);
        return store;
    }

    /// <summary>Writes the customers of the file into a store, as a job of the night would.</summary>
    public static async Task<TStore> WriteAsync<TStore>(TStore store, string path)
        where TStore : IFeatureWriter
    {
        string[][] lines = [.. File.ReadLines(path).Select(static line => line.Split(','))];
        FeatureField?[] fields = [.. lines[0].Select(View.FindField)];
        foreach (string[][] chunk in lines.Skip(1).Chunk(100))
        {
            FeatureRow[] rows = [.. chunk.Select(cells => ToRow(cells, fields))];
            await store.WriteAsync(rows);
            Array.ForEach(rows, static row => row.Dispose());
        }

        return store;
    }

    private static FeatureRow ToRow(string[] cells, FeatureField?[] fields)
    {
        FeatureRow row = FeatureRow.Rent(View, cells[0]);
        foreach ((FeatureField? field, string cell) in fields.Zip(cells))
        {
            if (field is not null)
            {
                row.SetText(field, cell);
            }
        }

        row.CompleteFound(timestamp: TimeProvider.System.GetUtcNow());
        return row;
    }
}
