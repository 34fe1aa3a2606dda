namespace RealtimeInference;

/// <summary>Joins encoded examples into the inputs of a run, and cuts the outputs back to each example's shape.</summary>
internal static class BatchRows
{
    /// <summary>Whether two examples fit into one run: equal shapes wherever nothing is padded.</summary>
    public static bool CanShare(BatchRequest first, BatchRequest second, BatchSettings settings)
    {
        TensorBuffer[] ours = first.Row.Buffers;
        TensorBuffer[] theirs = second.Row.Buffers;
        for (int i = 0; i < ours.Length; i++)
        {
            if (settings.MaskOf[i] < 0
                && (ours[i].HasValue != theirs[i].HasValue
                    || (ours[i].HasValue && !ours[i].HasFixedRowShape && settings.Padded[i] is null && !ours[i].Shape.SequenceEqual(theirs[i].Shape))))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Checks one example against the limits that are known before any run, and counts its elements.</summary>
    /// <exception cref="TensorMismatchException">It is longer than allowed.</exception>
    public static long Measure(InputSet row, BatchSettings settings)
    {
        if (!settings.HasVariableRows)
        {
            return 0;
        }

        long elements = 0;
        for (int i = 0; i < row.Buffers.Length; i++)
        {
            TensorBuffer input = row.Buffers[i];
            if (input.HasValue && !input.HasFixedRowShape)
            {
                elements = Math.Max(elements, input.ElementCount);
                if (settings.Padded[i]?.MaxLength is { } max)
                {
                    CheckLength(input, max);
                }
            }
        }

        if (elements > settings.MaxBatchElements)
        {
            Throw.RowTooLarge(row.Signature, elements, settings.MaxBatchElements);
        }

        return elements;
    }

    /// <summary>Joins the examples of a batch into the inputs of a run.</summary>
    public static void Gather(ReadOnlySpan<Batch.Member> requests, InputSet target, BatchSettings settings)
    {
        for (int i = 0; i < target.Buffers.Length; i++)
        {
            TensorBuffer input = target.Buffers[i];
            int source = settings.MaskOf[i] < 0 ? i : settings.MaskOf[i];
            if (!requests[0].Request!.Row.Buffers[source].HasValue)
            {
                continue;
            }

            GatherInput(requests, target, input, source, settings);
        }
    }

    /// <summary>Writes the masks of a run of one example, whose other inputs are written.</summary>
    public static void WriteMasks(InputSet set, BatchSettings settings)
    {
        for (int i = 0; i < set.Buffers.Length; i++)
        {
            if (settings.MaskOf[i] >= 0)
            {
                TensorBuffer mask = set.Buffers[i];
                set.WriteWhole(mask, set.Buffers[settings.MaskOf[i]].Shape);
                ElementTypes.Fill(mask, 0, mask.ElementCount, 1);
            }
        }
    }

    /// <summary>Cuts the outputs of one example back to what they would be without padding. Rows are cut once each.</summary>
    public static void Trim(ModelRunner runner, InputSet row, int index)
    {
        foreach (TensorBuffer output in runner.OutputBuffers)
        {
            if (output.HasFixedRowShape || !output.HasBatchDimension || output.Spec.ElementType == TensorElementType.String)
            {
                continue;
            }

            output.RowShape = null;
            ReadOnlySpan<long> shape = output.Shape;
            long[]? trimmed = null;
            for (int d = 1; d < shape.Length; d++)
            {
                if (output.Spec.Dimensions[d].Name is { } name && FindLength(row, name) is { } length && length < shape[d])
                {
                    trimmed ??= shape[1..].ToArray();
                    trimmed[d - 1] = length;
                }
            }

            if (trimmed is not null)
            {
                Compact(output, index, trimmed);
                output.RowShape = trimmed;
            }
        }
    }

    private static void GatherInput(
        ReadOnlySpan<Batch.Member> requests, InputSet target, TensorBuffer input, int source, BatchSettings settings)
    {
        ReadOnlySpan<long> first = requests[0].Request!.Row.Buffers[source].Shape;
        Span<long> shape = stackalloc long[first.Length];
        first.CopyTo(shape);
        bool isUniform = true;
        if (!input.HasFixedRowShape)
        {
            foreach (Batch.Member member in requests)
            {
                ReadOnlySpan<long> row = member.Request!.Row.Buffers[source].Shape;
                for (int d = 1; d < row.Length; d++)
                {
                    isUniform &= row[d] == shape[d];
                    shape[d] = Math.Max(shape[d], row[d]);
                }
            }
        }

        if (input.HasBatchDimension)
        {
            shape[0] = requests.Length;
        }

        target.WriteWhole(input, shape);
        bool isMask = settings.MaskOf[Array.IndexOf(target.Buffers, input)] >= 0;
        int rowElements = input.ElementCount / requests.Length;
        for (int r = 0; r < requests.Length; r++)
        {
            TensorBuffer row = requests[r].Request!.Row.Buffers[source];
            if (isUniform && !isMask)
            {
                CopyWhole(row, input, r, rowElements);
                continue;
            }

            ElementTypes.Fill(input, r * rowElements, rowElements, isMask ? 0 : settings.Padded[source]?.Value ?? 0);
            if (row.ElementCount > 0)
            {
                CopyBlock(row, input, r * rowElements, row.Shape[1..], shape[1..], isMask);
            }
        }
    }

    private static void CopyWhole(TensorBuffer row, TensorBuffer input, int index, int rowElements)
    {
        if (input.ElementSize == 0)
        {
            row.Strings.CopyTo(input.Strings[(index * rowElements)..]);
        }
        else
        {
            row.Bytes.CopyTo(input.Bytes[(index * rowElements * input.ElementSize)..]);
        }
    }

    // The innermost dimensions in one piece, the others by counting.
    private static void CopyBlock(
        TensorBuffer row, TensorBuffer input, int offset, ReadOnlySpan<long> from, ReadOnlySpan<long> to, bool ones)
    {
        int inner = from.Length == 0 ? 1 : (int)from[^1];
        int outerStep = from.Length == 0 ? 1 : (int)to[^1];
        int lines = row.ElementCount / Math.Max(inner, 1);
        Span<int> position = stackalloc int[Math.Max(from.Length - 1, 0)];
        position.Clear();
        for (int line = 0; line < lines; line++)
        {
            int target = 0;
            for (int d = 0; d < position.Length; d++)
            {
                target = (target * (int)to[d]) + position[d];
            }

            int start = offset + (target * outerStep);
            if (ones)
            {
                ElementTypes.Fill(input, start, inner, 1);
            }
            else
            {
                row.Bytes.Slice(line * inner * row.ElementSize, inner * row.ElementSize).CopyTo(input.Bytes[(start * input.ElementSize)..]);
            }

            Advance(position, from);
        }
    }

    private static void Compact(TensorBuffer output, int index, long[] trimmed)
    {
        ReadOnlySpan<long> shape = output.Shape[1..];
        int rowElements = output.ElementCount / (int)output.Shape[0];
        Span<byte> row = output.Bytes.Slice(index * rowElements * output.ElementSize, rowElements * output.ElementSize);
        int inner = (int)trimmed[^1] * output.ElementSize;
        int step = (int)shape[^1] * output.ElementSize;
        long lines = 1;
        foreach (long length in trimmed.AsSpan(0, trimmed.Length - 1))
        {
            lines *= length;
        }

        Span<int> position = stackalloc int[trimmed.Length - 1];
        position.Clear();
        for (int line = 0; line < lines; line++)
        {
            int source = 0;
            for (int d = 0; d < position.Length; d++)
            {
                source = (source * (int)shape[d]) + position[d];
            }

            // Never ahead of what is still to be read.
            row.Slice(source * step, inner).CopyTo(row[(line * inner)..]);
            Advance(position, trimmed);
        }
    }

    private static void Advance(Span<int> position, ReadOnlySpan<long> limits)
    {
        for (int d = position.Length - 1; d >= 0 && ++position[d] == limits[d]; d--)
        {
            position[d] = 0;
        }
    }

    private static long? FindLength(InputSet row, string dimension)
    {
        foreach (TensorBuffer input in row.Buffers)
        {
            for (int d = 1; input.HasValue && d < input.Shape.Length; d++)
            {
                if (input.Spec.Dimensions[d].Name == dimension)
                {
                    return input.Shape[d];
                }
            }
        }

        return null;
    }

    private static void CheckLength(TensorBuffer input, int max)
    {
        for (int d = 1; d < input.Shape.Length; d++)
        {
            if (input.Spec.Dimensions[d].IsFree && input.Shape[d] > max)
            {
                Throw.RowTooLong(input.Spec, input.Shape[1..], d - 1, max);
            }
        }
    }
}
