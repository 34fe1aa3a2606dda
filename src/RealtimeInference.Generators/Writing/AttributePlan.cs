namespace RealtimeInference;

/// <summary>Makes the specification that a type's attributes amount to.</summary>
internal static class AttributePlan
{
    public static SpecificationPlan? Compose(EncoderTarget target, List<DiagnosticInfo> diagnostics)
    {
        if (target.Members.Count == 0)
        {
            if (diagnostics.Count == 0)
            {
                diagnostics.Add(new DiagnosticInfo(
                    Rules.NoFeatures,
                    target.Location,
                    $"'{target.Name}' has no features. Put [Number], [Bucket], [Boolean], [Category], [HashedCategory] or [DateParts] on its properties, or name a Specification file."));
            }

            return null;
        }

        // In the order in which they first appear.
        List<string> names = [.. target.Members.Select(m => m.Tensor ?? target.Tensor).Distinct()];
        foreach (DeclaredTensor declared in target.Tensors.Where(t => !names.Contains(t.Name)))
        {
            diagnostics.Add(new DiagnosticInfo(
                Rules.WrongTensor, declared.Location, $"The tensor '{declared.Name}' is declared, but no feature goes to it. There are features for {FieldReader.Words(names)}."));
        }

        EncoderMember[][] members = [.. names.Select(name => target.Members.Where(m => (m.Tensor ?? target.Tensor) == name).ToArray())];
        var plan = new SpecificationPlan(new EquatableArray<TensorPlan>(names.Select((name, i) => new TensorPlan(
            name,
            target.Tensors.Any(t => t.Name == name && t.IsInt64),
            new EquatableArray<FeaturePlan>(members[i].Select(static m => m.Plan!))))));
        foreach ((int tensor, int feature, string message) in plan.Check())
        {
            diagnostics.Add(new DiagnosticInfo(Rules.Inconsistent, feature < 0 ? target.Location : members[tensor][feature].Location, message + "."));
        }

        return plan;
    }
}
