using System.Buffers;

namespace RealtimeInference;

/// <summary>Encodes examples as a specification says, column by column.</summary>
internal sealed class TabularEncoder<T> : IInputEncoder<T>
{
    private readonly FeatureSpecification _specification;
    private readonly Block[] _blocks;

    public TabularEncoder(FeatureSpecification specification, SpecificationPlan plan, IReadOnlyDictionary<string, Column<T>> columns)
    {
        _specification = specification;
        _blocks = new Block[plan.Tensors.Count];
        for (int i = 0; i < _blocks.Length; i++)
        {
            _blocks[i] = new Block(specification.Tensors[i], [.. plan.Tensors[i].Features.Select(f => columns[f.Name])]);
        }
    }

    public void CheckSignature(ModelSignature signature) => _specification.CheckSignature(signature);

    public void Encode(T input, InputTensors tensors)
    {
        TabularFaults faults = default;
        foreach (Block block in _blocks)
        {
            block.Encode(input, tensors, ref faults);
        }

        faults.ThrowIfAny();
    }

    /// <summary>The columns of one tensor.</summary>
    private sealed class Block
    {
        private readonly FeatureTensor _tensor;
        private readonly Column<T>[] _columns;
        private readonly int[] _ends;

        public Block(FeatureTensor tensor, Column<T>[] columns)
        {
            _tensor = tensor;
            _columns = columns;
            _ends = new int[columns.Length];
            int end = 0;
            for (int i = 0; i < columns.Length; i++)
            {
                end += columns[i].Width;
                _ends[i] = end;
            }
        }

        public void Encode(T input, InputTensors tensors, ref TabularFaults faults)
        {
            if (_tensor.ElementType == TensorElementType.Float32)
            {
                Write(input, TabularEncoding.GetElements<float>(tensors, _tensor.Name, _tensor.Width), ref faults);
                return;
            }

            // Every whole number that a feature makes is one that a float holds exactly: see FeatureBuilder.
            Span<long> target = TabularEncoding.GetElements<long>(tensors, _tensor.Name, _tensor.Width);
            float[] rented = ArrayPool<float>.Shared.Rent(_tensor.Width);
            Span<float> elements = rented.AsSpan(0, _tensor.Width);
            elements.Clear();
            Write(input, elements, ref faults);
            for (int i = 0; i < elements.Length; i++)
            {
                target[i] = (long)elements[i];
            }

            ArrayPool<float>.Shared.Return(rented);
        }

        private void Write(T input, Span<float> elements, ref TabularFaults faults)
        {
            int start = 0;
            for (int i = 0; i < _columns.Length; i++)
            {
                _columns[i].Write(input, elements[start.._ends[i]], ref faults);
                start = _ends[i];
            }
        }
    }
}
