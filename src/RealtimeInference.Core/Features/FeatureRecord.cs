namespace RealtimeInference;

/// <summary>The uses of features in one prediction. Belongs to its context.</summary>
internal sealed class FeatureRecord : IContextRecord
{
#if DEBUG
    private const int InitialUses = 1;
    private const int MaxKept = 4;
#else
    private const int InitialUses = 4;

    // A large ranking is rare: its memory is not kept for the small ones that follow.
    private const int MaxKept = 1024;
#endif

    private FeatureUse[] _uses = new FeatureUse[InitialUses];
    private int _count;

    public ReadOnlySpan<FeatureUse> Uses => _uses.AsSpan(0, _count);

    public static FeatureRecord Of(PredictionContext context)
    {
        if (context.Record is not FeatureRecord record)
        {
            context.Record = record = new FeatureRecord();
        }

        return record;
    }

    public void Add(in FeatureUse use)
    {
        if (_count == _uses.Length)
        {
            Array.Resize(ref _uses, _uses.Length * 2);
        }

        _uses[_count++] = use;
    }

    public void Clear()
    {
        if (_uses.Length > MaxKept)
        {
            _uses = new FeatureUse[InitialUses];
        }
        else
        {
            // Keys are strings, and errors have whole stacks: a pool must not keep them alive.
            _uses.AsSpan(0, _count).Clear();
        }

        _count = 0;
    }
}
