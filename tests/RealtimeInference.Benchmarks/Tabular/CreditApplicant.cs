namespace RealtimeInference.Benchmarks.Tabular;

/// <summary>A row of the credit data, encoded as the specification file says. Id and Class are no features.</summary>
[TabularInput(Specification = "german-credit/features.json")]
public sealed record CreditApplicant(
    string Id,
    double Duration,
    double Amount,
    double InstallmentRatePercentage,
    double ResidenceDuration,
    double Age,
    double NumberExistingCredits,
    double NumberPeopleMaintenance,
    bool Telephone,
    bool ForeignWorker,
    string CheckingAccountStatus,
    string CreditHistory,
    string Purpose,
    string SavingsAccountBonds,
    string EmploymentDuration,
    string Personal,
    string OtherDebtorsGuarantors,
    string Property,
    string OtherInstallmentPlans,
    string Housing,
    string Job,
    string Class);
