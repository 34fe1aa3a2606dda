using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RealtimeInference;

/// <summary>
/// The memory of one input or output of one runner. It keeps its address from run to run as long as the shapes fit, so
/// that a runtime can bind it once. Not thread-safe.
/// </summary>
public sealed unsafe class TensorBuffer
{
    // Cache lines and the widest vector loads.
    private const nuint Alignment = 64;

    private const int MaxKnownShapes = 129;

    private readonly int _elementSize;
    private void* _memory;
    private nuint _capacity;
    private void* _data;
    private long[] _shape = [];
    private long[]?[] _knownShapes = new long[]?[2];
    private string?[] _strings = [];
    private object[] _maps = [];

    internal TensorBuffer(TensorSpec spec, bool hasBatchDimension)
    {
        Spec = spec;
        HasBatchDimension = hasBatchDimension && spec.Kind == TensorKind.Tensor;
        _elementSize = ElementTypes.SizeOf(spec.ElementType);
        HasFixedRowShape = spec.Kind == TensorKind.Tensor
            && !spec.Dimensions.Skip(HasBatchDimension ? 1 : 0).Any(static d => d.IsFree);
    }

    /// <summary>Finalizes an instance of the <see cref="TensorBuffer"/> class: frees the memory of a runner that was lost.</summary>
    ~TensorBuffer() => NativeMemory.AlignedFree(_memory);

    /// <summary>Gets what the model says of this tensor.</summary>
    public TensorSpec Spec { get; }

    /// <summary>Gets the shape of the whole tensor in this run, all examples together.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>Gets the number of elements in this run, all examples together.</summary>
    public int ElementCount { get; private set; }

    /// <summary>Gets whether this run has a value for it. An optional input may have none.</summary>
    public bool HasValue { get; internal set; }

    /// <summary>Gets the elements as raw bytes; empty for strings.</summary>
    public Span<byte> Bytes => new(_data, checked(ElementCount * _elementSize));

    /// <summary>Gets the elements of a tensor of strings.</summary>
    public Span<string?> Strings => _strings.AsSpan(0, Spec.ElementType == TensorElementType.String ? ElementCount : 0);

    /// <summary>Gets the elements.</summary>
    /// <typeparam name="T">The .NET type of the elements.</typeparam>
    /// <returns>The memory itself, not a copy.</returns>
    /// <exception cref="TensorMismatchException">The tensor holds another type.</exception>
    public Span<T> GetSpan<T>()
        where T : unmanaged
    {
        if (!ElementTypes.Accepts<T>(Spec.ElementType) || Spec.Kind != TensorKind.Tensor)
        {
            Throw.WrongElementType(Spec, typeof(T).Name);
        }

        return new Span<T>(_data, ElementCount);
    }

    /// <summary>Gives the tensor a shape, with memory for it. The content is unspecified.</summary>
    /// <param name="shape">The shape of the whole tensor.</param>
    /// <exception cref="TensorMismatchException">The tensor has 2 GiB or more.</exception>
    public void Allocate(ReadOnlySpan<long> shape)
    {
        // Before the first call the shape is empty too, like a scalar's, but there is no memory.
        if (LayoutVersion != 0 && _data == _memory && shape.SequenceEqual(_shape) && (_data != null || _elementSize == 0))
        {
            return;
        }

        int count = CountElements(shape);
        if (_elementSize == 0)
        {
            if (_strings.Length < count)
            {
                _strings = new string?[count];
            }
        }
        else
        {
            // Zero elements still need an address: a runtime takes none for "no tensor".
            nuint bytes = (nuint)checked(Math.Max(count, 1) * _elementSize);
            if (bytes > _capacity)
            {
                nuint capacity = (nuint)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)Math.Max(bytes, Alignment));
                _memory = NativeMemory.AlignedRealloc(_memory, capacity, Alignment);

                // Fresh memory of the process must not reach a model as data.
                NativeMemory.Clear(_memory, capacity);
                _capacity = capacity;
            }

            _data = _memory;
        }

        SetShape(shape, count);
        LayoutVersion++;
    }

    /// <summary>Sets the maps of a sequence of maps.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="maps">A map per example.</param>
    public void SetMaps<TKey, TValue>(IReadOnlyList<IReadOnlyDictionary<TKey, TValue>> maps)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(maps);
        _maps = [.. maps];
        ElementCount = _maps.Length;
    }

    internal bool HasBatchDimension { get; }

    /// <summary>Gets whether the signature says the shape of one example.</summary>
    internal bool HasFixedRowShape { get; }

    /// <summary>Gets the address of the elements.</summary>
    internal nint Pointer => (nint)_data;

    /// <summary>Changes whenever the shape or the address does, so that a binding knows it is stale.</summary>
    internal int LayoutVersion { get; private set; }

    internal int ElementSize => _elementSize;

    internal ReadOnlySpan<object> Maps => _maps;

    /// <summary>Gets where the shape of one example starts in <see cref="Shape"/>.</summary>
    internal int RowStart => HasBatchDimension ? 1 : 0;

    /// <summary>Finds a buffer by the name of its tensor.</summary>
    internal static TensorBuffer? Find(TensorBuffer[] buffers, string name)
    {
        // Names are interned, so a literal is found without comparing a character.
        foreach (TensorBuffer buffer in buffers)
        {
            if (ReferenceEquals(buffer.Spec.Name, name))
            {
                return buffer;
            }
        }

        ArgumentNullException.ThrowIfNull(name);
        foreach (TensorBuffer buffer in buffers)
        {
            if (buffer.Spec.Name == name)
            {
                return buffer;
            }
        }

        return null;
    }

    /// <summary>Gets or sets the shape of the row that is being read, where it was cut back; null for the whole.</summary>
    internal long[]? RowShape { get; set; }

    /// <summary>Points to memory that somebody else owns until the next run.</summary>
    internal void Attach(nint data, ReadOnlySpan<long> shape)
    {
        _data = (void*)data;
        SetShape(shape, CountElements(shape));
    }

    internal void AttachStrings(string?[] values, ReadOnlySpan<long> shape)
    {
        _strings = values;
        SetShape(shape, values.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<T> GetRow<T>(int row, int batchSize)
        where T : unmanaged
    {
        if (!ElementTypes.Accepts<T>(Spec.ElementType) || Spec.Kind != TensorKind.Tensor)
        {
            Throw.WrongElementType(Spec, typeof(T).Name);
        }

        Debug.Assert(row < batchSize, "A row of this run.");
        if (batchSize == 1 || !HasBatchDimension)
        {
            return new Span<T>(_data, ElementCount);
        }

        int length = ElementCount / batchSize;
        return new Span<T>((T*)_data + ((long)row * length), length);
    }

    internal Span<byte> GetRowBytes(int row, int batchSize)
    {
        int length = HasBatchDimension ? Bytes.Length / batchSize : Bytes.Length;
        return HasBatchDimension ? Bytes.Slice(row * length, length) : Bytes;
    }

    internal Span<string?> GetStringRow(int row, int batchSize)
    {
        if (Spec.ElementType != TensorElementType.String || Spec.Kind != TensorKind.Tensor)
        {
            Throw.WrongElementType(Spec, nameof(String).ToLowerInvariant());
        }

        int length = HasBatchDimension ? ElementCount / batchSize : ElementCount;
        return _strings.AsSpan(HasBatchDimension ? row * length : 0, length);
    }

    internal void Clear()
    {
        Bytes.Clear();
        Strings.Fill("");
    }

    internal void Free()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = _data = null;
        _capacity = 0;
    }

    private int CountElements(ReadOnlySpan<long> shape)
    {
        if (shape.Contains(0))
        {
            return 0;
        }

        // Spans count in int, so that is the limit of a tensor in bytes.
        long limit = int.MaxValue / Math.Max(_elementSize, 1);
        long count = 1;
        foreach (long dimension in shape)
        {
            if (dimension > limit / count)
            {
                Throw.TooLarge(Spec, shape, limit);
            }

            count *= dimension;
        }

        return (int)count;
    }

    // Batches come in every size, again and again.
    private long[] GetKnownShape(ReadOnlySpan<long> shape)
    {
        if (shape.IsEmpty || shape[0] is < 0 or >= MaxKnownShapes)
        {
            return shape.ToArray();
        }

        if (shape[0] >= _knownShapes.Length)
        {
            Array.Resize(ref _knownShapes, MaxKnownShapes);
        }

        ref long[]? known = ref _knownShapes[shape[0]];
        if (known is null || !shape.SequenceEqual(known))
        {
            known = shape.ToArray();
        }

        return known;
    }

    private void SetShape(ReadOnlySpan<long> shape, int count)
    {
        if (!shape.SequenceEqual(_shape))
        {
            // The array is replaced, not changed: a binding may hold it as its key.
            _shape = GetKnownShape(shape);
        }

        ElementCount = count;
    }
}
