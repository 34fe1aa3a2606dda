namespace RealtimeInference;

/// <summary>Whether a model takes what an encoder writes, and was trained with what it does.</summary>
internal static class SignatureCheck
{
    public static void Run(ModelSignature signature, string specificationHash, ReadOnlySpan<FeatureTensor> tensors)
    {
        foreach (FeatureTensor tensor in tensors)
        {
            CheckTensor(signature, signature.GetInput(tensor.Name), tensor);
        }

        foreach (TensorSpec input in signature.Inputs)
        {
            if (!input.IsOptional && !Contains(tensors, input.Name))
            {
                throw new TensorMismatchException(
                    input.Name,
                    "features for it",
                    "none",
                    $"The model also needs '{input}', and the specification has no features for it. Add a tensor with that name.");
            }
        }

        // Last: where the shapes differ too, that says more.
        if (signature.Metadata.Custom.TryGetValue(FeatureSpecification.HashMetadataKey, out string? hash)
            && !hash.Trim().Equals(specificationHash, StringComparison.OrdinalIgnoreCase))
        {
            throw new SpecificationMismatchException(hash, specificationHash);
        }
    }

    private static void CheckTensor(ModelSignature signature, TensorSpec input, FeatureTensor tensor)
    {
        if (input.ElementType != tensor.ElementType || input.Kind != TensorKind.Tensor)
        {
            throw new TensorMismatchException(
                input.Name,
                ElementTypes.ClrName(input.ElementType),
                ElementTypes.ClrName(tensor.ElementType),
                $"The features for '{input.Name}' are written as {ElementTypes.ClrName(tensor.ElementType)}, but the model takes '{input}'. " +
                "A specification writes float32 or int64: give the tensor the \"type\" that the model has, or export the model with one of them.");
        }

        int start = signature.HasBatchDimension ? 1 : 0;
        if (!TensorDimension.TryFit(input.Dimensions, start, tensor.Width, stackalloc int[input.Dimensions.Count - start]))
        {
            string row = string.Join(", ", input.Dimensions.Skip(start));
            throw new TensorMismatchException(
                input.Name,
                $"[{row}]",
                $"{tensor.Width} elements",
                $"The specification makes {tensor.Width} elements for '{input.Name}', but one example of '{input}' is [{row}]. " +
                "Use the specification that the model was trained with.");
        }
    }

    private static bool Contains(ReadOnlySpan<FeatureTensor> tensors, string name)
    {
        foreach (FeatureTensor tensor in tensors)
        {
            if (tensor.Name == name)
            {
                return true;
            }
        }

        return false;
    }
}
