using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference;

/// <summary>One input of a binding: the runner's memory as a native tensor, or a tensor elsewhere that it is copied to.</summary>
internal sealed class BoundInput(TensorBuffer buffer, OrtAllocator? deviceAllocator) : IDisposable
{
    private readonly bool _hasValue = buffer.HasValue;
    private readonly nint _pointer = buffer.Pointer;
    private readonly long[] _shape = buffer.Shape.ToArray();
    private OrtValue? _host;
    private OrtValue? _device;

    /// <summary>Binds the input.</summary>
    /// <returns>Whether every run must copy it.</returns>
    public bool Bind(OrtIoBinding binding)
    {
        if (!_hasValue)
        {
            return false;
        }

        if (buffer.Spec.ElementType == TensorElementType.String)
        {
            _host = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, _shape);
            binding.BindInput(buffer.Spec.Name, _host);
            return true;
        }

        _host = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, OnnxSignatureReader.ToOrt(buffer.Spec.ElementType), _shape, _pointer, buffer.Bytes.Length);
        if (deviceAllocator is not null)
        {
            _device = OrtValue.CreateAllocatedTensorValue(deviceAllocator, OnnxSignatureReader.ToOrt(buffer.Spec.ElementType), _shape);
        }

        binding.BindInput(buffer.Spec.Name, _device ?? _host);
        return _device is not null;
    }

    public bool Fits() =>
        buffer.HasValue == _hasValue && (!_hasValue || (buffer.Pointer == _pointer && buffer.Shape.SequenceEqual(_shape)));

    /// <summary>Copies this run's value.</summary>
    /// <param name="rebind">The binding, where binding is what copies to the device.</param>
    public void Copy(OrtIoBinding? rebind)
    {
        if (_host is null)
        {
            return;
        }

        if (buffer.Spec.ElementType == TensorElementType.String)
        {
            Span<string?> strings = buffer.Strings;
            for (int i = 0; i < strings.Length; i++)
            {
                _host.StringTensorSetElementAt(strings[i].AsSpan(), i);
            }
        }

        if (_device is not null)
        {
            if (deviceAllocator!.Info.GetDeviceType() == OrtMemoryInfoDeviceType.CPU)
            {
                // ONNX Runtime has no transfer from the CPU's memory to itself.
                buffer.Bytes.CopyTo(_device.GetTensorMutableRawData());
            }
            else
            {
                OrtEnv.Instance().CopyTensors([_host], [_device], null);
            }
        }

        rebind?.BindInput(buffer.Spec.Name, _host);
    }

    public void Dispose()
    {
        _host?.Dispose();
        _device?.Dispose();
    }
}

/// <summary>One output of a binding: in the runner's memory where the shape is known, else left to the run.</summary>
internal sealed class BoundOutput(TensorBuffer buffer, long[]? shape) : IDisposable
{
    private OrtValue? _host;
    private nint _pointer;

    public TensorBuffer Buffer => buffer;

    public bool IsPrebound => shape is not null;

    public void Bind(OrtIoBinding binding)
    {
        if (shape is null)
        {
            // Host memory, also for a provider with memory of its own: decoders read it.
            binding.BindOutputToDevice(buffer.Spec.Name, OrtMemoryInfo.DefaultInstance);
            return;
        }

        buffer.Allocate(shape);
        _pointer = buffer.Pointer;
        _host = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, OnnxSignatureReader.ToOrt(buffer.Spec.ElementType), shape, _pointer, buffer.Bytes.Length);
        binding.BindOutput(buffer.Spec.Name, _host);
    }

    /// <summary>Gives the buffer this binding's shape again.</summary>
    /// <returns>Whether the memory is still the bound one; a larger shape in between may have moved it.</returns>
    public bool TryRestore()
    {
        if (shape is null)
        {
            return true;
        }

        buffer.Allocate(shape);
        return buffer.Pointer == _pointer;
    }

    public void Dispose() => _host?.Dispose();
}
