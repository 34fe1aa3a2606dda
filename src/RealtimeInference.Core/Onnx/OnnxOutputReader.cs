using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using OrtElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace RealtimeInference;

/// <summary>Reads outputs that the run allocated: of unknown shape, of strings, or sequences of maps.</summary>
internal static class OnnxOutputReader
{
    public static void Read(OrtValue value, TensorBuffer buffer)
    {
        if (buffer.Spec.Kind == TensorKind.SequenceOfMaps)
        {
            if (buffer.Spec.MapKeyType == TensorElementType.String)
            {
                buffer.SetMaps(ReadMaps(value, static keys => keys.GetStringTensorAsArray()));
            }
            else
            {
                buffer.SetMaps(ReadMaps(value, static keys => keys.GetTensorDataAsSpan<long>().ToArray()));
            }

            return;
        }

        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        if (info.ElementDataType == OrtElementType.String)
        {
            buffer.AttachStrings(value.GetStringTensorAsArray(), info.Shape);
            return;
        }

        unsafe
        {
            // The caller keeps the value, and with it the memory, until the outputs have been read.
            fixed (byte* data = &MemoryMarshal.GetReference(value.GetTensorMutableRawData()))
            {
                buffer.Attach((nint)data, info.Shape);
            }
        }
    }

    private static Dictionary<TKey, float>[] ReadMaps<TKey>(OrtValue sequence, Func<OrtValue, TKey[]> readKeys)
        where TKey : notnull
    {
        var maps = new Dictionary<TKey, float>[sequence.GetValueCount()];
        for (int i = 0; i < maps.Length; i++)
        {
            // A map is two tensors of equal length: its keys, then its values.
            using OrtValue map = sequence.GetValue(i, OrtAllocator.DefaultInstance);
            using OrtValue keys = map.GetValue(0, OrtAllocator.DefaultInstance);
            using OrtValue values = map.GetValue(1, OrtAllocator.DefaultInstance);
            TKey[] keyArray = readKeys(keys);
            ReadOnlySpan<float> valueSpan = values.GetTensorDataAsSpan<float>();
            var result = new Dictionary<TKey, float>(keyArray.Length);
            for (int k = 0; k < keyArray.Length; k++)
            {
                result[keyArray[k]] = valueSpan[k];
            }

            maps[i] = result;
        }

        return maps;
    }
}
