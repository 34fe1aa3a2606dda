using System.Diagnostics.CodeAnalysis;

namespace RealtimeInference;

/// <summary>Every error message of the tensors in one place: what was found, what was expected, and the fix.</summary>
internal static class Throw
{
    public static TensorMismatchException UnknownTensor(IEnumerable<TensorSpec> specs, string name, string role)
    {
        string known = string.Join(", ", specs.Select(static s => $"'{s.Name}'"));
        return new TensorMismatchException(
            name,
            known,
            $"'{name}'",
            $"The model has no {role} '{name}'. It has: {known}. Names are case-sensitive.");
    }

    [DoesNotReturn]
    public static void WrongElementType(TensorSpec spec, string found) => throw new TensorMismatchException(
        spec.Name,
        ElementTypes.ClrName(spec.ElementType),
        found,
        $"'{spec.Name}' holds {ElementTypes.ClrName(spec.ElementType)}, not {found}: {spec}. " + spec.Kind switch
        {
            TensorKind.SequenceOfMaps =>
                $"Read it with GetMap<{ElementTypes.ClrName(spec.MapKeyType!.Value)}, {ElementTypes.ClrName(spec.ElementType)}>.",
            _ when spec.ElementType == TensorElementType.String => "Use the methods for strings.",
            _ => $"Use <{ElementTypes.ClrName(spec.ElementType)}>.",
        });

    [DoesNotReturn]
    public static void ShapeNeeded(TensorSpec spec, bool batched) => throw new TensorMismatchException(
        spec.Name,
        $"[{string.Join(", ", spec.Dimensions)}]",
        "no shape",
        $"'{spec}' has free dimensions, so each example must say its shape: pass {DescribeRow(spec, batched)} after the name." +
        (!batched && spec.Dimensions[0].IsFree
            ? $" If the first dimension counts examples, load the model with {nameof(BatchDimension)}.{nameof(BatchDimension.First)}."
            : ""));

    [DoesNotReturn]
    public static void WrongRank(TensorSpec spec, bool batched, ReadOnlySpan<int> shape) => throw new TensorMismatchException(
        spec.Name,
        DescribeRow(spec, batched),
        Describe(shape),
        $"The shape of one example of '{spec}' is {DescribeRow(spec, batched)}, but {Describe(shape)} has rank {shape.Length}." +
        (batched ? " The first dimension counts the examples and is the library's." : ""));

    [DoesNotReturn]
    public static void WrongDimension(TensorSpec spec, bool batched, ReadOnlySpan<int> shape, int dimension) =>
        throw new TensorMismatchException(
            spec.Name,
            DescribeRow(spec, batched),
            Describe(shape),
            shape[dimension] < 0
                ? $"A dimension cannot be negative: '{spec}' was given {Describe(shape)}."
                : $"The shape of one example of '{spec}' is {DescribeRow(spec, batched)}, but it was given {Describe(shape)}: " +
                    $"dimension {dimension} is {shape[dimension]}.");

    [DoesNotReturn]
    public static void WrongLength(TensorSpec spec, long expected, int found) => throw new TensorMismatchException(
        spec.Name,
        $"{expected} values",
        $"{found} values",
        $"One example of '{spec}' holds {expected} values, but it was given {found}.");

    [DoesNotReturn]
    public static void NotWritten(IEnumerable<TensorSpec> missing)
    {
        string names = string.Join(", ", missing.Select(static s => $"'{s}'"));
        throw new TensorMismatchException(
            missing.First().Name,
            "a value",
            "nothing",
            $"The encoder wrote nothing to {names}. Every input that is not optional needs a value in every run.");
    }

    [DoesNotReturn]
    public static void TooLarge(TensorSpec spec, ReadOnlySpan<long> shape, long limit) => throw new TensorMismatchException(
        spec.Name,
        $"at most {limit} elements",
        $"[{string.Join(", ", shape.ToArray())}]",
        $"'{spec}' cannot have the shape [{string.Join(", ", shape.ToArray())}]: a tensor holds less than 2 GiB, which is {limit} elements of this type.");

    [DoesNotReturn]
    public static void RowsDiffer(TensorSpec spec, ReadOnlySpan<int> shape, ReadOnlySpan<long> other) =>
        throw new TensorMismatchException(
            spec.Name,
            $"[{string.Join(", ", other.ToArray())}]",
            Describe(shape),
            $"Every row of a run has the same shape: '{spec}' was given {Describe(shape)} in a run of shape " +
            $"[{string.Join(", ", other.ToArray())}].");

    [DoesNotReturn]
    public static void OutputHasNoRows(TensorSpec spec, ReadOnlySpan<long> shape, int batchSize) =>
        throw new TensorMismatchException(
            spec.Name,
            $"a first dimension of {batchSize}",
            $"[{string.Join(", ", shape.ToArray())}]",
            $"'{spec}' came out with shape [{string.Join(", ", shape.ToArray())}] in a run of {batchSize} examples, so its first " +
            $"dimension does not count them. Load the model with {nameof(BatchDimension)}.{nameof(BatchDimension.None)}.");

    [DoesNotReturn]
    public static void FreeDimensionsDiffer(string dimension, TensorSpec first, long firstLength, TensorSpec second, long secondLength) =>
        throw new TensorMismatchException(
            second.Name,
            $"{dimension} = {firstLength}",
            $"{dimension} = {secondLength}",
            $"The dimension '{dimension}' has one length in a run, but it is {firstLength} in '{first}' and {secondLength} in '{second}'.");

    [DoesNotReturn]
    public static void RowTooLong(TensorSpec spec, ReadOnlySpan<long> shape, int dimension, int max) => throw new TensorMismatchException(
        spec.Name,
        $"at most {max}",
        $"{shape[dimension]}",
        $"Dimension {dimension} of this example of '{spec}' is {shape[dimension]}, but the model takes at most {max}. Cut the example down, or split it.");

    [DoesNotReturn]
    public static void RowTooLarge(ModelSignature signature, long elements, long max) => throw new TensorMismatchException(
        signature.Inputs[0].Name,
        $"at most {max} elements",
        $"{elements} elements",
        $"This example has {elements} elements of variable length, but a batch may have {max}. Cut the example down, or raise MaxBatchElements.");

    private static string DescribeRow(TensorSpec spec, bool batched) =>
        $"[{string.Join(", ", spec.Dimensions.Skip(batched ? 1 : 0))}]";

    private static string Describe(ReadOnlySpan<int> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
