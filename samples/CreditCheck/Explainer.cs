using RealtimeInference;

namespace CreditCheck;

/// <summary>Finds the inputs that raised a score most, by ablation: each is replaced by the typical applicant's, and the score taken again.</summary>
public sealed class Explainer(IModel model)
{
    private const int MaxReasons = 3;

    private static readonly (string Input, Func<Applicant, Applicant, Applicant> Replace)[] s_ablations =
    [
        (nameof(Applicant.Duration), static (a, typical) => a with { Duration = typical.Duration }),
        (nameof(Applicant.Amount), static (a, typical) => a with { Amount = typical.Amount }),
        (nameof(Applicant.InstallmentRatePercentage), static (a, typical) => a with { InstallmentRatePercentage = typical.InstallmentRatePercentage }),
        (nameof(Applicant.Purpose), static (a, typical) => a with { Purpose = typical.Purpose }),
        (nameof(Applicant.OtherDebtorsGuarantors), static (a, typical) => a with { OtherDebtorsGuarantors = typical.OtherDebtorsGuarantors }),
        (nameof(Applicant.ResidenceDuration), static (a, typical) => a with { ResidenceDuration = typical.ResidenceDuration }),
        (nameof(Applicant.Age), static (a, typical) => a with { Age = typical.Age }),
        (nameof(Applicant.NumberExistingCredits), static (a, typical) => a with { NumberExistingCredits = typical.NumberExistingCredits }),
        (nameof(Applicant.NumberPeopleMaintenance), static (a, typical) => a with { NumberPeopleMaintenance = typical.NumberPeopleMaintenance }),
        (nameof(Applicant.Telephone), static (a, typical) => a with { Telephone = typical.Telephone }),
        (nameof(Applicant.ForeignWorker), static (a, typical) => a with { ForeignWorker = typical.ForeignWorker }),
        (nameof(Applicant.CheckingAccountStatus), static (a, typical) => a with { CheckingAccountStatus = typical.CheckingAccountStatus }),
        (nameof(Applicant.CreditHistory), static (a, typical) => a with { CreditHistory = typical.CreditHistory }),
        (nameof(Applicant.SavingsAccountBonds), static (a, typical) => a with { SavingsAccountBonds = typical.SavingsAccountBonds }),
        (nameof(Applicant.EmploymentDuration), static (a, typical) => a with { EmploymentDuration = typical.EmploymentDuration }),
        (nameof(Applicant.Personal), static (a, typical) => a with { Personal = typical.Personal }),
        (nameof(Applicant.Property), static (a, typical) => a with { Property = typical.Property }),
        (nameof(Applicant.OtherInstallmentPlans), static (a, typical) => a with { OtherInstallmentPlans = typical.OtherInstallmentPlans }),
        (nameof(Applicant.Housing), static (a, typical) => a with { Housing = typical.Housing }),
        (nameof(Applicant.Job), static (a, typical) => a with { Job = typical.Job }),
    ];

    private readonly IPredictor<Applicant, float> _scorer = Predictor.For<Applicant>()
        .Preprocess(ApplicantEncoder.Instance)
        .Run(model)
        .Postprocess((_, outputs) => outputs.Get<float>("probability_bad")[0])
        .Build();

    /// <summary>Takes the scores of all variants together: they share runs of the model.</summary>
    public async ValueTask<IReadOnlyList<Reason>> ExplainAsync(Applicant applicant, float score, CancellationToken cancellationToken)
    {
        IEnumerable<Applicant> variants = s_ablations.Select(ablation => ablation.Replace(applicant, Applicant.Typical));
        var reasons = new List<Reason>(s_ablations.Length);
        await foreach (PredictionResult<Applicant, float> variant in _scorer.PredictManyAsync(variants, cancellationToken: cancellationToken))
        {
            reasons.Add(new Reason(s_ablations[variant.Index].Input, score - variant.Value));
        }

        return [.. reasons.Where(static reason => reason.Change > 0).OrderByDescending(static reason => reason.Change).Take(MaxReasons)];
    }
}
