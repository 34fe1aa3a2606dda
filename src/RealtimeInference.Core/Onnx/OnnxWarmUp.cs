namespace RealtimeInference;

/// <summary>Runs a model once on zeros.</summary>
internal static class OnnxWarmUp
{
    public static async ValueTask RunAsync(
        OnnxModel model, IDictionary<string, int[]> rowShapes, CancellationToken cancellationToken)
    {
        using ModelRunner runner = model.Rent();
        foreach (TensorSpec input in model.Signature.Inputs.Where(static i => !i.IsOptional))
        {
            WriteZeros(runner, runner.InputSet.Find(input.Name), rowShapes);
        }

        await runner.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void WriteZeros(ModelRunner runner, TensorBuffer input, IDictionary<string, int[]> rowShapes)
    {
        if (rowShapes.TryGetValue(input.Spec.Name, out int[]? shape))
        {
            runner.InputSet.Write(input, shape);
        }
        else if (input.HasFixedRowShape)
        {
            runner.InputSet.Write(input);
        }
        else
        {
            runner.InputSet.Write(input, [.. input.Spec.Dimensions.Skip(input.RowStart).Select(static d => (int)(d.Length ?? 1))]);
        }

        input.Clear();
    }
}
