using System.Runtime.CompilerServices;

namespace RealtimeInference;

/// <summary>Values as 64 bits and back. The comparisons of types are decided when the code is compiled to the machine's.</summary>
internal static class FeatureBits
{
    public static FeatureType TypeOf<T>(string field) =>
        typeof(T) == typeof(float) ? FeatureType.Single
        : typeof(T) == typeof(double) ? FeatureType.Double
        : typeof(T) == typeof(int) ? FeatureType.Int32
        : typeof(T) == typeof(long) ? FeatureType.Int64
        : typeof(T) == typeof(bool) ? FeatureType.Boolean
        : typeof(T) == typeof(string) ? FeatureType.String
        : typeof(T) == typeof(DateTimeOffset) ? FeatureType.Timestamp
        : throw new NotSupportedException(
            $"The feature '{field}' cannot hold {typeof(T)}: a feature is float, double, int, long, bool, string or DateTimeOffset. " +
            $"For a vector of float use {nameof(FeatureVectorField)}.");

    public static bool IsBits<T>() => typeof(T) != typeof(string);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Encode<T>(T value)
    {
        if (typeof(T) == typeof(float))
        {
            return BitConverter.SingleToUInt32Bits(Unsafe.BitCast<T, float>(value));
        }

        if (typeof(T) == typeof(double))
        {
            return Unsafe.BitCast<T, long>(value);
        }

        if (typeof(T) == typeof(int))
        {
            return Unsafe.BitCast<T, int>(value);
        }

        if (typeof(T) == typeof(long))
        {
            return Unsafe.BitCast<T, long>(value);
        }

        if (typeof(T) == typeof(bool))
        {
            return Unsafe.BitCast<T, bool>(value) ? 1 : 0;
        }

        return Unsafe.BitCast<T, DateTimeOffset>(value).UtcTicks;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Decode<T>(long bits)
    {
        if (typeof(T) == typeof(float))
        {
            return Unsafe.BitCast<uint, T>((uint)bits);
        }

        if (typeof(T) == typeof(double))
        {
            return Unsafe.BitCast<long, T>(bits);
        }

        if (typeof(T) == typeof(int))
        {
            return Unsafe.BitCast<int, T>((int)bits);
        }

        if (typeof(T) == typeof(long))
        {
            return Unsafe.BitCast<long, T>(bits);
        }

        if (typeof(T) == typeof(bool))
        {
            return Unsafe.BitCast<bool, T>(bits != 0);
        }

        return Unsafe.BitCast<DateTimeOffset, T>(new DateTimeOffset(bits, TimeSpan.Zero));
    }
}
