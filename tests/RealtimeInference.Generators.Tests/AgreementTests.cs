using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using RealtimeInference.Core.Tests.Tabular;
using RealtimeInference.Generators.Tests.Testing;

namespace RealtimeInference.Generators.Tests;

/// <summary>
/// Random specifications and random rows: the encoder that is generated from the file, the one from attributes, and the run-time
/// ones write the same bits and refuse the same rows with the same faults.
/// </summary>
public sealed class AgreementTests
{
    private const int Specifications = 60;
    private const int Rows = 100;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Encode_RandomSpecificationsAndRows_AllEncodersAgree(int seed)
    {
        var random = new Random(seed);
        Case[] cases = [.. Enumerable.Range(0, Specifications).Select(i => new Case(random, i))];
        Assembly assembly = Generation.Run(
            string.Concat(cases.Select(static c => c.Source)), [.. cases.Select(static c => ($"/p/{c.Name}.json", c.Json))]).Load();
        int encoded = 0, refused = 0;
        foreach (Case @case in cases)
        {
            MethodInfo compare = typeof(AgreementTests).GetMethod(nameof(Compare), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(assembly.GetType($"{@case.Name}ByFile")!, assembly.GetType($"{@case.Name}ByAttributes")!);
            int count = (int)compare.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [@case, assembly], null)!;
            encoded += count;
            refused += Rows - count;
        }

        encoded.Should().BeGreaterThan(Specifications * Rows / 10, "most features must be seen to work");
        refused.Should().BeGreaterThan(Specifications * Rows / 10, "faults must be seen too");
    }

    private static int Compare<TFile, TAttributes>(Case @case, Assembly assembly)
        where TFile : new()
        where TAttributes : new()
    {
        FeatureSpecification specification = FeatureSpecification.Parse(@case.Json);
        IInputEncoder<TFile> byFile = GetEncoder<TFile>(assembly);
        IInputEncoder<TAttributes> byAttributes = GetEncoder<TAttributes>(assembly);
        Hash(byFile).Should().Be(specification.Hash, @case.Json);
        Hash(byAttributes).Should().Be(specification.Hash, "attributes {0} say what {1} says", @case.Source, @case.Json);

        IInputEncoder<IReadOnlyDictionary<string, object?>> objects = specification.CreateObjectEncoder();
        IInputEncoder<IReadOnlyDictionary<string, object?>> functions = specification.CreateEncoder<IReadOnlyDictionary<string, object?>>(map => Map(map, @case));
        int encoded = 0;
        for (int i = 0; i < Rows; i++)
        {
            Dictionary<string, object?> row = @case.Features.ToDictionary(static f => f.Name, static f => f.NextValue());
            TFile first = Fill<TFile>(row);
            TAttributes second = Fill<TAttributes>(row);

            string expected = Describe(() => Encoded.Write(objects, row, specification.Tensors));
            Describe(() => Encoded.Write(functions, row, specification.Tensors)).Should().Be(expected, @case.Json);
            Describe(() => Encoded.Write(byFile, first, specification.Tensors)).Should().Be(expected, @case.Json);
            Describe(() => Encoded.Write(byAttributes, second, specification.Tensors)).Should().Be(expected, @case.Json);
            encoded += expected.StartsWith("bits", StringComparison.Ordinal) ? 1 : 0;
        }

        return encoded;
    }

    private static void Map(TabularMap<IReadOnlyDictionary<string, object?>> map, Case @case)
    {
        foreach (RandomFeature feature in @case.Features)
        {
            string name = feature.Name;
            _ = feature.Type.TrimEnd('?') switch
            {
                "bool" => map.Boolean(name, row => (bool?)row[name]),
                "string" => map.Category(name, row => (string?)row[name]),
                "DayOfWeek" => map.Category(name, row => row[name]?.ToString()),
                "DateTime" => map.Date(name, row => (DateTime?)row[name]),
                "DateTimeOffset" => map.Date(name, row => (DateTimeOffset?)row[name]),
                "DateOnly" => map.Date(name, row => (DateOnly?)row[name]),
                _ => map.Number(name, row => row[name] switch
                {
                    null => null,
                    Half half => (double)half,
                    var number => Convert.ToDouble(number, CultureInfo.InvariantCulture),
                }),
            };
        }
    }

    private static IInputEncoder<T> GetEncoder<T>(Assembly assembly) =>
        (IInputEncoder<T>)assembly.GetType(typeof(T).Name + "Encoder")!.GetProperty("Instance")!.GetValue(null)!;

    private static string Hash(object encoder) => (string)encoder.GetType().GetField("SpecificationHash")!.GetValue(null)!;

    private static T Fill<T>(Dictionary<string, object?> row)
        where T : new()
    {
        object target = new T();
        foreach ((string name, object? value) in row)
        {
            target.GetType().GetProperty(name)!.SetValue(target, value);
        }

        return (T)target;
    }

    private static string Describe(Func<Array[]> encode)
    {
        try
        {
            return "bits " + string.Join("|", encode().Select(static tensor => Convert.ToHexString(tensor is float[] floats
                ? MemoryMarshal.AsBytes<float>(floats)
                : MemoryMarshal.AsBytes<long>((long[])tensor))));
        }
        catch (InputValidationException exception)
        {
            return string.Join("; ", exception.Faults);
        }
    }

    private sealed class Case
    {
        public Case(Random random, int index)
        {
            Name = $"Row{index}";
            bool hasTwo = random.Next(2) == 0;
            RandomFeature[] floats = [.. Enumerable.Range(0, random.Next(1, 8)).Select(i => new RandomFeature(random, $"F{i}", isWhole: false))];
            RandomFeature[] wholes = hasTwo ? [.. Enumerable.Range(0, random.Next(1, 5)).Select(i => new RandomFeature(random, $"I{i}", isWhole: true))] : [];
            Features = [.. floats, .. wholes];
            Json = hasTwo
                ? $$"""{ "tensors": [ { "name": "dense", "inputs": [ {{List(floats)}} ] }, { "name": "ids", "type": "int64", "inputs": [ {{List(wholes)}} ] } ] }"""
                : $$"""{ "tensor": "dense", "inputs": [ {{List(floats)}} ] }""";

            var source = new StringBuilder();
            string kind = random.Next(2) == 0 ? "class" : "struct";
            source.AppendLine(CultureInfo.InvariantCulture, $"[TabularInput(Specification = \"{Name}.json\")] public {kind} {Name}ByFile {{");
            foreach (RandomFeature feature in Features)
            {
                source.AppendLine(CultureInfo.InvariantCulture, $"public {feature.Type} {feature.Name} {{ get; set; }}");
            }

            source.AppendLine(CultureInfo.InvariantCulture, $"}} [TabularInput(\"dense\"){(hasTwo ? ", TabularTensor(\"ids\", TensorElementType.Int64)" : "")}] public {kind} {Name}ByAttributes {{");
            foreach (RandomFeature feature in Features)
            {
                string attribute = wholes.Contains(feature) ? feature.Attribute.Insert(feature.Attribute.Length - 1, feature.Attribute.EndsWith("()", StringComparison.Ordinal) ? "Tensor = \"ids\"" : ", Tensor = \"ids\"") : feature.Attribute;
                source.AppendLine(CultureInfo.InvariantCulture, $"[{attribute}] public {feature.Type} {feature.Name} {{ get; set; }}");
            }

            Source = source.AppendLine("}").ToString();
        }

        public string Name { get; }

        public RandomFeature[] Features { get; }

        public string Json { get; }

        public string Source { get; }

        private static string List(RandomFeature[] features) => string.Join(", ", features.Select(static f => f.Json));
    }
}
