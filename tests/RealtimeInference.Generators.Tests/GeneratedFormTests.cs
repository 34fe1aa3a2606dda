using System.Reflection;
using RealtimeInference.Core.Tests.Tabular;
using RealtimeInference.Generators.Tests.Testing;

namespace RealtimeInference.Generators.Tests;

/// <summary>The kinds of types and properties that an encoder is written for.</summary>
public sealed class GeneratedFormTests
{
    [Theory]
    [InlineData("[TabularInput] public record Row([Number] int A, [property: Boolean] bool B);")]
    [InlineData("[TabularInput] internal record struct Row([Number] int A, [Boolean] bool B);")]
    [InlineData("namespace @event.Deep; [TabularInput] public sealed class Row { [Number] public int A { get; init; } [Boolean] internal bool B { get; init; } }")]
    [InlineData("public abstract class Base { [Number] public virtual int A { get; init; } } [TabularInput] public class Row : Base { [Boolean] public bool B { get; init; } }")]
    [InlineData("[TabularInput] public partial class Row { [Number] public int A { get; init; } } public partial class Row { [Boolean] public bool B { get; init; } }")]
    [InlineData("[TabularInput] public class Row { [Number] public int @class { get; init; } [Boolean] public bool @event { get; init; } }")]
    [InlineData("[TabularInput] public class @class { [Number] public int input { get; init; } [Boolean] public bool value { get; init; } }")]
    [InlineData("[TabularInput] public class Row { [Number] public int A { get; private init; } [Boolean] public bool B { get; } public object? Other { get; } public int this[int i] => i; }")]
    public void Generate_AnyType_CompilesWithoutAWarning(string source)
    {
        var generation = Generation.Run(source);

        generation.Load().GetTypes().Should().ContainSingle(static t => t.Name.EndsWith("Encoder")).Which.GetField("SpecificationHash").Should().NotBeNull();
        generation.Sources.Should().ContainSingle().Which.Should().Contain("tensor0[0]").And.Contain("tensor0[1]");
    }

    [Fact]
    public void Generate_SameNameInTwoNamespaces_WritesBoth()
    {
        Generation.Run("namespace A { [TabularInput] public class Row { [Number] public int X { get; } } } namespace B { [TabularInput] public class Row { [Number] public int X { get; } } }")
            .Load().GetTypes().Select(static t => t.FullName).Should().Contain(["A.RowEncoder", "B.RowEncoder"]);
    }

    [Fact]
    public void Encode_EnumOfAnotherOrder_GoesByName()
    {
        Assembly assembly = Generation.Run("""
            public enum Home { Rent = 7, Own = -1, @class }
            [TabularInput] public record Row([Category("Own", "class", "Rent", Missing = MissingPolicy.Unknown, Unknown = UnknownPolicy.Own)] Home? Home);
            """).Load();
        var specification = FeatureSpecification.Parse(
            """{ "inputs": [ { "name": "Home", "type": "category", "categories": ["Own", "class", "Rent"], "unknown": "own", "missing": "unknown" } ] }""");

        Run(assembly, specification, 7).Should().Equal(0, 0, 1, 0);
        Run(assembly, specification, -1).Should().Equal(1, 0, 0, 0);
        Run(assembly, specification, 0).Should().Equal(0, 1, 0, 0);
        Run(assembly, specification, 55).Should().Equal(0, 0, 0, 1);
        Run(assembly, specification, null).Should().Equal(0, 0, 0, 1);

        static float[] Run(Assembly assembly, FeatureSpecification specification, int? home)
        {
            Type row = assembly.GetType("Row")!;
            object? value = home is { } number ? Enum.ToObject(assembly.GetType("Home")!, number) : null;
            return (float[])typeof(GeneratedFormTests).GetMethod(nameof(Encode), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(row)
                .Invoke(null, [assembly.GetType("RowEncoder")!.GetProperty("Instance")!.GetValue(null), Activator.CreateInstance(row, value), specification])!;
        }
    }

    [Fact]
    public void Generate_FeatureNames_AreThoseOfTheAttribute()
    {
        var generation = Generation.Run(
            "[TabularInput(Specification = \"dir\\\\f.json\")] public class Row { [FeatureName(\"Income (net)\")] public double Income { get; } public string? Id { get; } }",
            ("C:\\project\\dir\\f.json", """{ "inputs": [ { "name": "Income (net)", "type": "number" } ] }"""),
            ("C:\\project\\other\\f.json", "{}"));

        generation.Load();
        generation.Sources[0].Should().Contain("input.Income").And.Contain("\"Income (net)\"").And.NotContain("input.Id");
    }

    private static float[] Encode<T>(IInputEncoder<T> encoder, T row, FeatureSpecification specification) => Encoded.Floats(encoder, row, specification);
}
