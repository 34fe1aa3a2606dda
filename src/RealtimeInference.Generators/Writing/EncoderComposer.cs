namespace RealtimeInference;

/// <summary>Brings a type and its features together, and has the encoder written if all is right.</summary>
internal static class EncoderComposer
{
    public static GeneratedEncoder Compose(EncoderTarget target, EquatableArray<SpecificationFile> files)
    {
        var diagnostics = new List<DiagnosticInfo>(target.Diagnostics);
        SpecificationPlan? plan = target.Specification is null
            ? AttributePlan.Compose(target, diagnostics)
            : FindPlan(target, files, diagnostics);
        string? source = null;
        if (plan is not null)
        {
            var members = new Dictionary<string, EncoderMember>();
            foreach (EncoderMember member in target.Members)
            {
                members[member.Feature] = member;
            }

            CheckMembers(target, plan, members, diagnostics);
            if (diagnostics.Count == 0)
            {
                source = EncoderWriter.Write(target, plan, members);
            }
        }

        string hint = (target.Namespace.Length == 0 ? "" : target.Namespace.Replace("@", "") + ".") + target.Name + "Encoder.g.cs";
        return new GeneratedEncoder(hint, source, new EquatableArray<DiagnosticInfo>(diagnostics));
    }

    private static SpecificationPlan? FindPlan(EncoderTarget target, EquatableArray<SpecificationFile> files, List<DiagnosticInfo> diagnostics)
    {
        SpecificationFile[] found = [.. files.Where(f => f.IsAt(target.Specification!))];
        if (found.Length != 1)
        {
            string what = found.Length == 0
                ? $"The project has no specification file '{target.Specification}'. Add <AdditionalFiles Include=\"{target.Specification}\" /> to it."
                : $"The project has {found.Length} files '{target.Specification}': {string.Join(", ", found.Select(static f => f.Path))}. Write more of the path.";
            diagnostics.Add(new DiagnosticInfo(Rules.NoFile, target.Location, what));
            return null;
        }

        foreach (SpecificationFault fault in found[0].Faults)
        {
            diagnostics.Add(new DiagnosticInfo(
                Rules.FaultyFile, LocationInfo.From(found[0].Path, fault.Position), $"{(fault.Path.Length == 0 ? "" : $"{fault.Path}: ")}{fault.Message}."));
        }

        return found[0].Plan;
    }

    private static void CheckMembers(
        EncoderTarget target, SpecificationPlan plan, Dictionary<string, EncoderMember> members, List<DiagnosticInfo> diagnostics)
    {
        if (target.Specification is not null)
        {
            // Two properties for one feature: which one is meant is not ours to guess.
            foreach (IGrouping<string, EncoderMember> twins in target.Members.GroupBy(static m => m.Feature).Where(static g => g.Skip(1).Any()))
            {
                diagnostics.Add(new DiagnosticInfo(
                    Rules.Inconsistent, twins.Last().Location, $"The feature '{twins.Key}' has {twins.Count()} properties, {string.Join(" and ", twins.Select(static m => m.Property))}, expected one."));
            }
        }

        foreach (FeaturePlan feature in plan.Features)
        {
            if (!members.TryGetValue(feature.Name, out EncoderMember? member))
            {
                diagnostics.Add(new DiagnosticInfo(
                    Rules.NoProperty,
                    target.Location,
                    $"The {feature.Type} '{feature.Name}' of '{target.Specification}' has no property in '{target.Name}'. Add one of that name, or put [FeatureName(\"{feature.Name}\")] on it."));
            }
            else if (MemberCheck.FindFault(feature, member) is { } fault)
            {
                diagnostics.Add(new DiagnosticInfo(fault.Rule, member.Location, fault.Message));
            }
        }
    }
}
