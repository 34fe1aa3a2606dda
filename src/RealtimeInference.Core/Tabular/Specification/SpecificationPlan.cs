namespace RealtimeInference;

/// <summary>A specification, checked and complete: what the run-time encoder runs and what the source generator writes out.</summary>
internal sealed record SpecificationPlan(EquatableArray<TensorPlan> Tensors)
{
    public IEnumerable<FeaturePlan> Features => Tensors.SelectMany(static t => t.Features);

    /// <summary>Finds what is wrong with the whole, though each feature is right.</summary>
    /// <returns>Faults, each with the index of its tensor, and of its feature there; -1 for the tensor itself.</returns>
    public IEnumerable<(int Tensor, int Feature, string Message)> Check()
    {
        var names = new HashSet<string>();
        var tensors = new HashSet<string>();
        for (int t = 0; t < Tensors.Count; t++)
        {
            TensorPlan tensor = Tensors[t];
            if (!tensors.Add(tensor.Name))
            {
                yield return (t, -1, $"found a second tensor '{tensor.Name}', expected each name once");
            }

            if (tensor.Features.Count == 0)
            {
                yield return (t, -1, $"found no feature for the tensor '{tensor.Name}', expected at least one");
            }

            for (int f = 0; f < tensor.Features.Count; f++)
            {
                FeaturePlan feature = tensor.Features[f];
                if (!names.Add(feature.Name))
                {
                    yield return (t, f, $"found a second feature '{feature.Name}', expected each name once");
                }

                if (tensor.IsInt64 && !feature.IsWhole)
                {
                    yield return (t, f, $"'{feature.Name}' makes fractions, and the tensor '{tensor.Name}' holds int64; put it into a tensor of float32");
                }
            }
        }
    }
}
