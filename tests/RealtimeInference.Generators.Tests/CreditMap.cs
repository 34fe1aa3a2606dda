namespace RealtimeInference.Generators.Tests;

/// <summary>The credit data by a function for each column.</summary>
internal static class CreditMap
{
    public static IInputEncoder<CreditApplicant> CreateEncoder(FeatureSpecification specification) => specification.CreateEncoder<CreditApplicant>(static map => map
        .Number("Duration", a => a.Duration)
        .Number("Amount", a => a.Amount)
        .Number("InstallmentRatePercentage", a => a.InstallmentRatePercentage)
        .Number("ResidenceDuration", a => a.ResidenceDuration)
        .Number("Age", a => a.Age)
        .Number("NumberExistingCredits", a => a.NumberExistingCredits)
        .Number("NumberPeopleMaintenance", a => a.NumberPeopleMaintenance)
        .Boolean("Telephone", a => a.Telephone)
        .Boolean("ForeignWorker", a => a.ForeignWorker)
        .Category("CheckingAccountStatus", a => a.CheckingAccountStatus)
        .Category("CreditHistory", a => a.CreditHistory)
        .Category("Purpose", a => a.Purpose)
        .Category("SavingsAccountBonds", a => a.SavingsAccountBonds)
        .Category("EmploymentDuration", a => a.EmploymentDuration)
        .Category("Personal", a => a.Personal)
        .Category("OtherDebtorsGuarantors", a => a.OtherDebtorsGuarantors)
        .Category("Property", a => a.Property)
        .Category("OtherInstallmentPlans", a => a.OtherInstallmentPlans)
        .Category("Housing", a => a.Housing)
        .Category("Job", a => a.Job));
}
