using System.Runtime.InteropServices;
using Google.Protobuf;

namespace RealtimeInference.Benchmarks.Encoders;

/// <summary>Builds a graph of standard operators and writes it as an ONNX file, by the field numbers of onnx.proto.</summary>
internal sealed class OnnxGraph
{
    private const int Float = 1;
    private const int Int64 = 7;
    private const int OpsetVersion = 17;
    private const int IrVersion = 8;

    private readonly List<byte[]> _nodes = [];
    private readonly List<byte[]> _weights = [];
    private readonly List<byte[]> _inputs = [];
    private readonly List<byte[]> _outputs = [];
    private int _names;

    public string AddInput(string name, params string[] dimensions)
    {
        _inputs.Add(ValueInfo(name, Int64, dimensions));
        return name;
    }

    public void AddOutput(string name, params string[] dimensions) => _outputs.Add(ValueInfo(name, Float, dimensions));

    public string AddWeight(ReadOnlySpan<float> values, params int[] shape) => AddTensor(Float, MemoryMarshal.AsBytes(values), shape);

    public string AddNumbers(params long[] values) => AddTensor(Int64, MemoryMarshal.AsBytes(values.AsSpan()), values.Length);

    /// <summary>Adds an operator with one output.</summary>
    /// <param name="type">The operator.</param>
    /// <param name="inputs">The names of its inputs.</param>
    /// <param name="attributes">Whole numbers, lists of them, and floats by name.</param>
    /// <returns>The name of its output.</returns>
    public string Add(string type, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string output = NextName(type);
        Add(type, inputs, output, attributes);
        return output;
    }

    /// <summary>Adds an operator whose output has a name that is known outside.</summary>
    public void Add(string type, string[] inputs, string output, params (string Name, object Value)[] attributes) => _nodes.Add(Message(node =>
    {
        foreach (string input in inputs)
        {
            Write(node, 1, input);
        }

        Write(node, 2, output);
        Write(node, 3, output);
        Write(node, 4, type);
        foreach ((string name, object value) in attributes)
        {
            Write(node, 5, Attribute(name, value));
        }
    }));

    public void Save(string path, string name)
    {
        using FileStream file = File.Create(path);
        byte[] graph = Message(graph =>
        {
            WriteAll(graph, 1, _nodes);
            Write(graph, 2, name);
            WriteAll(graph, 5, _weights);
            WriteAll(graph, 11, _inputs);
            WriteAll(graph, 12, _outputs);
        });
        using var model = new CodedOutputStream(file);
        Write(model, 1, IrVersion);
        Write(model, 2, "RealtimeInference.Benchmarks");
        Write(model, 7, graph);
        Write(model, 8, Message(static opset =>
        {
            Write(opset, 1, "");
            Write(opset, 2, OpsetVersion);
        }));
    }

    private static byte[] Attribute(string name, object value) => Message(attribute =>
    {
        Write(attribute, 1, name);
        switch (value)
        {
            case float number:
                attribute.WriteTag(2, WireFormat.WireType.Fixed32);
                attribute.WriteFloat(number);
                Write(attribute, 20, 1);
                break;
            case int number:
                Write(attribute, 3, number);
                Write(attribute, 20, 2);
                break;
            case int[] numbers:
                foreach (int number in numbers)
                {
                    Write(attribute, 8, number);
                }

                Write(attribute, 20, 7);
                break;
            default:
                throw new ArgumentException($"'{name}' is a {value.GetType()}.", nameof(value));
        }
    });

    private static byte[] ValueInfo(string name, int type, string[] dimensions)
    {
        byte[] shape = Message(shape =>
        {
            foreach (string dimension in dimensions)
            {
                Write(shape, 1, Message(d =>
                {
                    if (int.TryParse(dimension, out int length))
                    {
                        Write(d, 1, length);
                    }
                    else
                    {
                        Write(d, 2, dimension);
                    }
                }));
            }
        });
        byte[] tensor = Message(tensor =>
        {
            Write(tensor, 1, type);
            Write(tensor, 2, shape);
        });
        return Message(info =>
        {
            Write(info, 1, name);
            Write(info, 2, Message(t => Write(t, 1, tensor)));
        });
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using (var stream = new CodedOutputStream(memory, leaveOpen: true))
        {
            write(stream);
        }

        return memory.ToArray();
    }

    private static void WriteAll(CodedOutputStream stream, int field, List<byte[]> messages)
    {
        foreach (byte[] message in messages)
        {
            Write(stream, field, message);
        }
    }

    private static void Write(CodedOutputStream stream, int field, ReadOnlySpan<byte> message)
    {
        stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
        stream.WriteBytes(UnsafeByteOperations.UnsafeWrap(message.ToArray()));
    }

    private static void Write(CodedOutputStream stream, int field, string text)
    {
        stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
        stream.WriteString(text);
    }

    private static void Write(CodedOutputStream stream, int field, long number)
    {
        stream.WriteTag(field, WireFormat.WireType.Varint);
        stream.WriteInt64(number);
    }

    private string AddTensor(int type, ReadOnlySpan<byte> values, params int[] shape)
    {
        string name = NextName("weight");
        byte[] raw = values.ToArray();
        _weights.Add(Message(tensor =>
        {
            foreach (int length in shape)
            {
                Write(tensor, 1, length);
            }

            Write(tensor, 2, type);
            Write(tensor, 8, name);
            Write(tensor, 9, raw);
        }));
        return name;
    }

    private string NextName(string of) => $"{of}_{++_names}";
}
