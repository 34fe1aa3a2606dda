namespace RealtimeInference;

/// <summary>Where a feature's elements go.</summary>
internal sealed record ElementTarget(string Tensor, int Start, bool IsInt64)
{
    public string At(int index) => $"{Tensor}[{Literals.Count(Start + index)}]";

    public string AtVariable(string index) => $"{Tensor}[{Literals.Count(Start)} + {index}]";

    public string Set(int index, int value) => $"{At(index)} = {Literals.Count(value)};";
}
