using RealtimeInference;

/// <summary>Tabular data: the encoder that the package's generator wrote, and the one of the file.</summary>
internal static class Credit
{
    public static async Task CheckAsync()
    {
        using OnnxModel model = OnnxModel.Load(Path.Combine(AppContext.BaseDirectory, "credit.onnx"));
        FeatureSpecification specification = FeatureSpecification.Load(Path.Combine(AppContext.BaseDirectory, "features.json"));
        IPredictor<Applicant, float> generated = Create(ApplicantEncoder.Instance, model);
        IPredictor<IReadOnlyDictionary<string, string?>, float> loaded = Create(specification.CreateTextEncoder(), model);

        // applicant-0316 of the sample's applicants.csv.
        string[] values = ["12", "708", "2", "3", "38", "1", "2", "1", "1", "lt.0", "PaidDuly", "Furniture.Equipment", "lt.100", "1.to.4", "Male.Single", "Guarantor", "Insurance", "None", "Own", "UnskilledResident"];
        float first = await generated.PredictAsync(new Applicant(
            12, 708, 2, 3, 38, 1, 2, true, true, values[9], values[10], values[11], values[12], values[13], values[14], values[15], values[16], values[17], values[18], values[19]));
        float second = await loaded.PredictAsync(specification.Columns.Zip(values).ToDictionary(static c => c.First, static c => (string?)c.Second));

        if (first != second || !(first is > 0 and < 1) || ApplicantEncoder.SpecificationHash != specification.Hash)
        {
            throw new InvalidOperationException($"The consumer app found a fault: the encoders lead to {first} and {second}.");
        }
    }

    private static IPredictor<T, float> Create<T>(IInputEncoder<T> encoder, IModel model) => Predictor.For<T>()
        .Preprocess(encoder)
        .Run(model)
        .Postprocess((_, outputs) => outputs.Get<float>("probability_bad")[0])
        .Build();
}

[TabularInput(Specification = "features.json")]
internal sealed record Applicant(
    int Duration,
    int Amount,
    int InstallmentRatePercentage,
    int ResidenceDuration,
    int Age,
    int NumberExistingCredits,
    int NumberPeopleMaintenance,
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
    string Job);
