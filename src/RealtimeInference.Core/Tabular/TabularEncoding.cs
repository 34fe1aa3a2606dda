using System.Buffers;
using System.ComponentModel;
using System.Text;

namespace RealtimeInference;

/// <summary>What generated encoders call: the arithmetic that they share with the run-time ones.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TabularEncoding
{
    private const int MaxStack = 256;

    /// <summary>Gets the elements of one example, all zero, in one row whatever the shape is.</summary>
    /// <typeparam name="T">The .NET type of the elements.</typeparam>
    /// <param name="tensors">The example's input tensors.</param>
    /// <param name="name">The name of the input.</param>
    /// <param name="width">How many elements there must be.</param>
    /// <returns>The memory that the model reads.</returns>
    /// <exception cref="TensorMismatchException">The model has no such input, or one of another type or size.</exception>
    public static Span<T> GetElements<T>(InputTensors tensors, string name, int width)
        where T : unmanaged
    {
        Span<T> elements = tensors.GetFlat<T>(name, width);
        elements.Clear();
        return elements;
    }

    /// <summary>Checks that a model takes what an encoder writes, and was trained with what it does.</summary>
    /// <param name="signature">The signature of the model.</param>
    /// <param name="specificationHash">The hash of the encoder's specification.</param>
    /// <param name="tensors">The tensors that the encoder writes.</param>
    /// <exception cref="TensorMismatchException">An input is missing, or has another type or size.</exception>
    /// <exception cref="SpecificationMismatchException">The model says that it was trained with another specification.</exception>
    public static void CheckSignature(ModelSignature signature, string specificationHash, params ReadOnlySpan<FeatureTensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(signature);
        SignatureCheck.Run(signature, specificationHash, tensors);
    }

    /// <summary>The natural logarithm of one plus a number, exact also near 0.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The logarithm; NaN below -1.</returns>
    public static double Log1p(double value)
    {
        // What rounding took from 1 + x is given back by the factor: Kahan's way.
        double sum = 1 + value;
        return sum == 1 ? value
            : double.IsPositiveInfinity(sum) ? double.PositiveInfinity
            : Math.Log(sum) * (value / (sum - 1));
    }

    /// <summary>Finds the bucket of a number: how many boundaries it has reached.</summary>
    /// <param name="value">The number.</param>
    /// <param name="boundaries">The boundaries, ascending.</param>
    /// <returns>The bucket, from 0.</returns>
    public static int Bucket(double value, ReadOnlySpan<double> boundaries)
    {
        int bucket = 0;
        while (bucket < boundaries.Length && value >= boundaries[bucket])
        {
            bucket++;
        }

        return bucket;
    }

    /// <summary>Finds the bucket of a text: MurmurHash3 (x86, 32 bits) of its UTF-8 bytes, modulo the number of buckets.</summary>
    /// <param name="value">The text; half a surrogate pair counts as U+FFFD.</param>
    /// <param name="seed">The seed of the hash.</param>
    /// <param name="buckets">How many buckets there are.</param>
    /// <returns>The bucket, from 0.</returns>
    public static int HashBucket(ReadOnlySpan<char> value, uint seed, int buckets)
    {
        int max = Encoding.UTF8.GetMaxByteCount(value.Length);
        byte[]? rented = max > MaxStack ? ArrayPool<byte>.Shared.Rent(max) : null;
        Span<byte> bytes = rented ?? stackalloc byte[MaxStack];
        uint hash = MurmurHash3.Hash(bytes[..Encoding.UTF8.GetBytes(value, bytes)], seed);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return (int)(hash % (uint)buckets);
    }

    /// <summary>Gets the day of the week, from 0 for Monday.</summary>
    /// <param name="date">The date.</param>
    /// <returns>The day.</returns>
    public static int DayOfWeek(DateTime date) => ((int)date.DayOfWeek + 6) % 7;

    /// <summary>Writes where something stands on a circle: its sine, then its cosine.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="index">Where the sine goes.</param>
    /// <param name="step">How many steps it is from the beginning.</param>
    /// <param name="period">How many steps the circle has.</param>
    public static void WriteCircle(Span<float> elements, int index, int step, int period)
    {
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * step / period);
        elements[index] = (float)sine;
        elements[index + 1] = (float)cosine;
    }
}
