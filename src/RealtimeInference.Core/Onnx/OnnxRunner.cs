using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference;

/// <summary>
/// A runner of an <see cref="OnnxModel"/>: run options and bindings of its own, kept from run to run. ONNX Runtime allows
/// concurrent runs of a session, but a binding serves one at a time.
/// </summary>
internal sealed class OnnxRunner : ModelRunner
{
    // Each keeps native handles, and switching between shapes is common: every size of batch is one.
#if DEBUG
    private const int MaxBindings = 2;
#else
    private const int MaxBindings = 128;
#endif

    private readonly OnnxModel _model;
    private readonly OnnxSession _session;
    private readonly RunOptions _options = new();
    private readonly nint _optionsHandle;
    private readonly List<OnnxBinding> _bindings = [];

    // By size of batch, the binding that was used last: mostly the one that is needed again.
    private readonly OnnxBinding?[] _bySize = new OnnxBinding?[MaxBindings];
    private OnnxBinding? _current;
    private int _currentLayout;
    private int _nextToEvict;
    private IDisposable? _fetched;

    public OnnxRunner(OnnxModel model, OnnxSession session)
        : base(session.Signature)
    {
        _model = model;
        _session = session;
        _optionsHandle = _options.DangerousGetHandle();
    }

    public override string? ModelVersion => _session.Version;

    public new void Begin(int batchSize) => base.Begin(batchSize);

    /// <summary>Frees everything. Only for a runner that is not handed out.</summary>
    public void Destroy()
    {
        ReleaseFetched();
        foreach (OnnxBinding binding in _bindings)
        {
            binding.Dispose();
        }

        _options.Dispose();
        Free();
    }

    protected override ValueTask RunCoreAsync(CancellationToken cancellationToken)
    {
        if (_session.SerialRun is { } gate)
        {
            return RunSeriallyAsync(gate, cancellationToken);
        }

        Run(cancellationToken);
        return ValueTask.CompletedTask;
    }

    protected override void ReturnToModel()
    {
        ReleaseFetched();
        _model.Return(this);
    }

    private async ValueTask RunSeriallyAsync(SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Run(cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    private void Run(CancellationToken cancellationToken)
    {
        ReleaseFetched();
        OnnxBinding binding = GetBinding();
        string? error = RunOnce(binding, cancellationToken);
        if (error is not null && IsShapeOfOutput(error))
        {
            // The names of the signature's dimensions are what an exporter wrote, and some write what does not hold.
            _session.DistrustOutputShapes(error);
            ForgetBindings();
            binding = GetBinding();
            error = RunOnce(binding, cancellationToken);
        }

        if (error is not null)
        {
            throw new ModelRunException(
                _session.Name,
                _session.Version,
                $"The run of model '{_session.Name}' failed: {error} (inputs: {DescribeInputs()})");
        }

        if (binding.HasRunAllocatedOutputs)
        {
            _fetched = binding.FetchOutputs();
        }
    }

    private string? RunOnce(OnnxBinding binding, CancellationToken cancellationToken)
    {
        binding.CopyInputs();
        string? error;
        if (!cancellationToken.CanBeCanceled)
        {
            error = OrtNative.RunWithBinding(_session.Handle, _optionsHandle, binding.Handle);

            // The native call knows handles only; a runner that nobody holds must not be finalized under it.
            GC.KeepAlive(this);
            return error;
        }

        using (cancellationToken.UnsafeRegister(static state => ((OnnxRunner)state!)._options.Terminate = true, this))
        {
            error = OrtNative.RunWithBinding(_session.Handle, _optionsHandle, binding.Handle);
        }

        // Leaving the block has waited for the callback, so the flag cannot be set behind this.
        if (cancellationToken.IsCancellationRequested)
        {
            _options.Terminate = false;
            if (error is not null)
            {
                throw new OperationCanceledException(cancellationToken);
            }
        }

        return error;
    }

    private OnnxBinding GetBinding()
    {
        // Versions only grow, so equal sums mean that nothing has changed.
        int layout = 0;
        foreach (TensorBuffer input in Inputs)
        {
            layout += input.HasValue ? input.LayoutVersion : 0;
        }

        if (_current is not null && layout == _currentLayout && (!Signature.HasOptionalInputs || _current.Fits()))
        {
            return _current;
        }

        ref OnnxBinding? last = ref _bySize[BatchSize % MaxBindings];
        _current = last?.Fits() == true ? last : last = FindOrCreateBinding();
        _currentLayout = layout;
        return _current;
    }

    private OnnxBinding FindOrCreateBinding()
    {
        foreach (OnnxBinding binding in _bindings)
        {
            if (binding.Fits())
            {
                return binding;
            }
        }

        var created = new OnnxBinding(_session, Inputs, Outputs, BatchSize);
        if (_bindings.Count < MaxBindings)
        {
            _bindings.Add(created);
        }
        else
        {
            OnnxBinding evicted = _bindings[_nextToEvict];
            _bySize.AsSpan().Replace(evicted, null);
            evicted.Dispose();
            _bindings[_nextToEvict] = created;
            _nextToEvict = (_nextToEvict + 1) % MaxBindings;
        }

        return created;
    }

    private void ForgetBindings()
    {
        foreach (OnnxBinding binding in _bindings)
        {
            binding.Dispose();
        }

        _bindings.Clear();
        Array.Clear(_bySize);
        _nextToEvict = 0;
        _current = null;
    }

    private void ReleaseFetched()
    {
        _fetched?.Dispose();
        _fetched = null;
    }

    // ONNX Runtime has no error code of its own for it: onnxruntime/core/framework, "output OrtValue provided for output".
    private static bool IsShapeOfOutput(string error) =>
        error.Contains("OrtValue provided for output", StringComparison.Ordinal)
        || error.Contains("dimensions for output", StringComparison.Ordinal)
        || error.Contains("rank for output", StringComparison.Ordinal);

    private string DescribeInputs()
    {
        var parts = new List<string>();
        foreach (TensorBuffer input in Inputs)
        {
            if (input.HasValue)
            {
                parts.Add($"{input.Spec.Name} [{string.Join(", ", input.Shape.ToArray())}]");
            }
        }

        return string.Join(", ", parts);
    }
}
