using System.Collections.Frozen;

namespace RealtimeInference;

internal sealed class CategoryEncoding(CategoryPlan plan) : TextEncoding(plan, plan.Default)
{
    private readonly FrozenDictionary<string, int> _indices =
        plan.Categories.Select(static (c, i) => KeyValuePair.Create(c, i)).ToFrozenDictionary(StringComparer.Ordinal);

    private readonly bool _isOrdinal = plan.IsOrdinal;
    private readonly UnknownRule _unknown = plan.Unknown;

    protected override void WriteValue(string value, Span<float> target, ref TabularFaults faults)
    {
        if (!_indices.TryGetValue(value, out int index))
        {
            if (_unknown != UnknownRule.Own)
            {
                if (_unknown == UnknownRule.Fail)
                {
                    faults.AddUnknown(Name, value);
                }

                return;
            }

            index = _indices.Count;
        }

        if (_isOrdinal)
        {
            target[0] = index;
        }
        else
        {
            target[index] = 1;
        }
    }
}
