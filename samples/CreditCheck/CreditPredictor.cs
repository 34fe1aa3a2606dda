using RealtimeInference;

namespace CreditCheck;

/// <summary>From an application to a decision with its reasons.</summary>
public static class CreditPredictor
{
    /// <summary>How long a decision may take, so that nobody waits for it at a till or in a form.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(50);

    private const float ApproveBelow = 0.2f;
    private const float DeclineFrom = 0.5f;

    public static PredictorBuilder<CreditApplication, CreditDecision> Create(IModel model, IFeatureStore store)
    {
        var explainer = new Explainer(model);
        return Predictor.For<CreditApplication>()
            .Validate(CreditApplication.Validate)
            .LookupFeatures(
                store,
                Customers.View,
                application => application.CustomerId,
                (application, customer) => (application.Id, Applicant: Customers.Join(application, customer)),
                new FeatureLookupOptions { TimeBudget = Budget / 5 })
            .Preprocess((request, inputs) => ApplicantEncoder.Instance.Encode(request.Applicant, inputs))
            .Run(model)
            .Postprocess((request, outputs) => (request.Id, request.Applicant, Score: outputs.Get<float>("probability_bad")[0]))
            .Transform((scored, context) => (scored.Id, scored.Applicant, scored.Score, Outcome: Decide(scored.Score, context)), "decide")
            .TransformAsync(
                async (decided, context, cancellationToken) => new CreditDecision(
                    decided.Id,
                    decided.Outcome,
                    decided.Score,
                    !context.HasDefaultedFeatures,
                    decided.Outcome == Outcome.Approve ? [] : await explainer.ExplainAsync(decided.Applicant, decided.Score, cancellationToken)),
                "explain");
    }

    // What the model was not told it cannot have weighed: no loan is given or refused on defaults.
    private static Outcome Decide(float score, PredictionContext context) =>
        context.HasDefaultedFeatures ? Outcome.Refer
        : score < ApproveBelow ? Outcome.Approve
        : score < DeclineFrom ? Outcome.Refer
        : Outcome.Decline;
}
