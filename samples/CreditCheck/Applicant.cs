using RealtimeInference;

namespace CreditCheck;

/// <summary>What the model sees: the application, and what the bank knows about the customer.</summary>
[TabularInput(Specification = "german-credit/features.json")]
public sealed record Applicant
{
    /// <summary>Gets the typical applicant of the file: the rounded mean, or what is most frequent, of each column.</summary>
    public static Applicant Typical { get; } = new()
    {
        Duration = 21,
        Amount = 3271,
        InstallmentRatePercentage = 3,
        Purpose = "Radio.Television",
        OtherDebtorsGuarantors = "None",
        ResidenceDuration = 3,
        Age = 36,
        NumberExistingCredits = 1,
        NumberPeopleMaintenance = 1,
        Telephone = true,
        ForeignWorker = true,
        CheckingAccountStatus = "none",
        CreditHistory = "PaidDuly",
        SavingsAccountBonds = "lt.100",
        EmploymentDuration = "1.to.4",
        Personal = "Male.Single",
        Property = "CarOther",
        OtherInstallmentPlans = "None",
        Housing = "Own",
        Job = "SkilledEmployee",
    };

    public required double Duration { get; init; }

    public required double Amount { get; init; }

    public required double InstallmentRatePercentage { get; init; }

    public required string Purpose { get; init; }

    public required string OtherDebtorsGuarantors { get; init; }

    public required double ResidenceDuration { get; init; }

    public required double Age { get; init; }

    public required double NumberExistingCredits { get; init; }

    public required double NumberPeopleMaintenance { get; init; }

    public required bool Telephone { get; init; }

    public required bool ForeignWorker { get; init; }

    public required string CheckingAccountStatus { get; init; }

    public required string CreditHistory { get; init; }

    public required string SavingsAccountBonds { get; init; }

    public required string EmploymentDuration { get; init; }

    public required string Personal { get; init; }

    public required string Property { get; init; }

    public required string OtherInstallmentPlans { get; init; }

    public required string Housing { get; init; }

    public required string Job { get; init; }
}
