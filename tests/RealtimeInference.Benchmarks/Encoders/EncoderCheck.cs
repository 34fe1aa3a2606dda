using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference.Benchmarks.Encoders;

/// <summary>Checks that a row answers the same alone and padded among others: if not, batching it would be wrong.</summary>
internal static class EncoderCheck
{
    private const float Tolerance = 1e-4f;

    private static readonly string[] s_inputs = ["input_ids", "attention_mask"];
    private static readonly string[] s_outputs = ["embedding"];

    public static void Check(EncoderModel model)
    {
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(model.Path, options);
        long[][] rows = [.. new[] { 8, 21, 32 }.Select(static (length, i) => Tokens.Create(length, seed: i))];
        float[] together = Run(session, rows);
        for (int i = 0; i < rows.Length; i++)
        {
            RequireEqual(Run(session, rows[i]), together.AsSpan(i * model.Size.Width, model.Size.Width), "padded among others");
        }
    }

    /// <summary>Checks the answer of a batcher against the same row alone.</summary>
    public static void RequireEqual(ReadOnlySpan<float> alone, ReadOnlySpan<float> found, string how)
    {
        for (int i = 0; i < alone.Length; i++)
        {
            // Written so that NaN fails.
            if (!(Math.Abs(alone[i] - found[i]) <= Tolerance))
            {
                throw new InvalidOperationException($"A row answers {alone[i]} alone and {found[i]} {how}.");
            }
        }
    }

    private static float[] Run(InferenceSession session, params long[][] rows)
    {
        int longest = rows.Max(static r => r.Length);
        long[] ids = new long[rows.Length * longest];
        long[] mask = new long[ids.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i].CopyTo(ids.AsSpan(i * longest));
            mask.AsSpan(i * longest, rows[i].Length).Fill(1);
        }

        using OrtValue idsValue = OrtValue.CreateTensorValueFromMemory(ids, [rows.Length, longest]);
        using OrtValue maskValue = OrtValue.CreateTensorValueFromMemory(mask, [rows.Length, longest]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, s_inputs, [idsValue, maskValue], s_outputs);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
