namespace RealtimeInference.Core.Tests.Batching;

/// <summary>What one example gave.</summary>
internal sealed record Summed(float Sum, float[] Echo);

/// <summary>Predictors over <see cref="RecordingModel"/>.</summary>
internal static class Summing
{
    /// <summary>Pads with -1 and has the library write the mask.</summary>
    public static IPredictor<long[], Summed> Padded(RecordingModel model, Action<BatchingOptions>? configure = null, PredictorOptions? options = null) =>
        Build(
            Predictor.For<long[]>().Preprocess(static (ids, inputs) => Write(ids, inputs, "ids")),
            model,
            o =>
            {
                o.Pad("ids", -1, maxLength: 100).PadMask("mask", of: "ids");
                configure?.Invoke(o);
            },
            options);

    /// <summary>Pads nothing; the encoder writes the mask.</summary>
    public static IPredictor<long[], Summed> Plain(RecordingModel model, Action<BatchingOptions>? configure = null, PredictorOptions? options = null) =>
        Build(
            Predictor.For<long[]>().Preprocess(static (ids, inputs) =>
            {
                Write(ids, inputs, "ids");
                Write([.. ids.Select(static _ => 1L)], inputs, "mask");
            }),
            model,
            configure ?? (static _ => { }),
            options);

    private static void Write(long[] ids, InputTensors inputs, string name)
    {
        if (ids is [-99, ..])
        {
            throw new FormatException("cannot encode this");
        }

        ids.CopyTo(inputs.Signature.HasBatchDimension ? inputs.Get<long>(name, ids.Length) : inputs.Get<long>(name, 1, ids.Length));
    }

    private static IPredictor<long[], Summed> Build(
        EncodedBuilder<long[], long[]> builder, RecordingModel model, Action<BatchingOptions> configure, PredictorOptions? options) => builder
        .Run(model, configure)
        .Postprocess((ids, outputs) =>
        {
            if (ids is [-98, ..])
            {
                throw new FormatException("cannot decode this");
            }

            return new Summed(outputs.Get<float>("sum")[0], outputs.Get<float>("echo").ToArray());
        })
        .Build(options);
}
