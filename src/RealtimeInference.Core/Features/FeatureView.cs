namespace RealtimeInference;

/// <summary>A named group of features of one kind of entity, read and written together: one row for each entity. Immutable.</summary>
/// <remarks>Make one per view for the life of the process, as a static of a class of its own, below the fields that it lists.</remarks>
public sealed class FeatureView
{
    private readonly FeatureField[] _fields;
    private readonly Dictionary<string, FeatureField> _byName;

    /// <summary>Initializes a new instance of the <see cref="FeatureView"/> class.</summary>
    /// <param name="name">The name, unique in its store: letters, digits, <c>_</c>, <c>-</c> and <c>.</c></param>
    /// <param name="entity">What a row is about, such as <c>card</c>; of the same characters.</param>
    /// <param name="fields">The features; at least one, each of this view alone.</param>
    /// <param name="timeToLive">How old a row may be; <see langword="null"/> for any age.</param>
    /// <param name="description">What the view holds, for people.</param>
    /// <param name="onMissing">What a prediction does whose row is missing or too old.</param>
    /// <param name="onTimeout">What a prediction does when the store is too slow.</param>
    /// <param name="onError">What a prediction does when the store fails, or holds values of other types.</param>
    /// <exception cref="ArgumentException">The view has faults; the message names them all.</exception>
    public FeatureView(
        string name,
        string entity,
        IReadOnlyList<FeatureField> fields,
        TimeSpan? timeToLive = null,
        string? description = null,
        FeatureFallback onMissing = FeatureFallback.UseDefaults,
        FeatureFallback onTimeout = FeatureFallback.UseDefaults,
        FeatureFallback onError = FeatureFallback.UseDefaults)
    {
        Name = name;
        Entity = entity;
        TimeToLive = timeToLive;
        Description = description;
        OnMissing = onMissing;
        OnTimeout = onTimeout;
        OnError = onError;
        _fields = [.. fields ?? []];
        HasObjects = Array.Exists(_fields, static f => f is { Type: FeatureType.String or FeatureType.Vector });

        // Checked before a field is given to the view: a view that is refused takes none with it.
        ThrowIfAny(FindFaults());
        List<string> taken = [];
        for (int i = 0; i < _fields.Length; i++)
        {
            if (!_fields[i].TryBind(this, i))
            {
                taken.Add($"The field '{_fields[i].Name}' belongs to the view '{_fields[i].View!.Name}': make one for each view.");
            }
        }

        ThrowIfAny(taken);
        _byName = _fields.ToDictionary(static f => f.Name, StringComparer.Ordinal);
    }

    /// <summary>Gets the name, unique in its store.</summary>
    public string Name { get; }

    /// <summary>Gets what a row is about, such as <c>card</c>.</summary>
    public string Entity { get; }

    /// <summary>Gets the features; each has its place as <see cref="FeatureField.Ordinal"/>.</summary>
    public IReadOnlyList<FeatureField> Fields => _fields;

    /// <summary>Gets how old a row may be: one that is older counts as missing.</summary>
    /// <value><see langword="null"/> for any age.</value>
    public TimeSpan? TimeToLive { get; }

    /// <summary>Gets what the view holds, for people.</summary>
    public string? Description { get; }

    /// <summary>Gets what a prediction does whose row is missing or too old. A field that its row lacks always has its default.</summary>
    public FeatureFallback OnMissing { get; }

    /// <summary>Gets what a prediction does when the store is too slow.</summary>
    public FeatureFallback OnTimeout { get; }

    /// <summary>Gets what a prediction does when the store fails, or holds values of other types.</summary>
    public FeatureFallback OnError { get; }

    /// <summary>Gets whether rows hold strings or vectors.</summary>
    internal bool HasObjects { get; }

    /// <summary>Gets the features, to be gone over without an enumerator.</summary>
    internal ReadOnlySpan<FeatureField> FieldArray => _fields;

    /// <summary>Gets the rows that nobody uses.</summary>
    internal FeatureRowPool Pool { get; } = new();

    /// <summary>Finds a field by its name.</summary>
    /// <param name="name">The name; case-sensitive.</param>
    /// <returns>The field, or <see langword="null"/>.</returns>
    public FeatureField? FindField(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.GetValueOrDefault(name);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} (of {Entity})";

    private List<string> FindFaults()
    {
        List<string> faults = [];
        CheckName("name", Name);
        CheckName("entity", Entity);
        if (_fields.Length == 0)
        {
            faults.Add("There are no fields: a view has at least one.");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < _fields.Length; i++)
        {
            if (_fields[i] is not { } field)
            {
                faults.Add($"Field {i} is null. Statics are made in the order in which they are written: put the fields above the view.");
                continue;
            }

            if (!names.Add(field.Name))
            {
                faults.Add($"There are two fields named '{field.Name}'.");
            }

            if (field.View is { } other)
            {
                faults.Add($"The field '{field.Name}' belongs to the view '{other.Name}': make one for each view.");
            }
        }

        if (TimeToLive <= TimeSpan.Zero)
        {
            faults.Add($"The time to live is {TimeToLive}: more than zero, or null for any age.");
        }

        foreach ((string what, FeatureFallback value) in new[] { ("onMissing", OnMissing), ("onTimeout", OnTimeout), ("onError", OnError) })
        {
            if (!Enum.IsDefined(value))
            {
                faults.Add($"{what} is {value}: {nameof(FeatureFallback.UseDefaults)} or {nameof(FeatureFallback.Fail)}.");
            }
        }

        return faults;

        void CheckName(string what, string? value)
        {
            if (string.IsNullOrEmpty(value) || !value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
            {
                faults.Add($"The {what} is '{value}': letters, digits, '_', '-' and '.', at least one.");
            }
        }
    }

    private void ThrowIfAny(List<string> faults)
    {
        if (faults.Count > 0)
        {
            throw new ArgumentException($"The feature view '{Name}' has {(faults.Count == 1 ? "a fault" : $"{faults.Count} faults")}: {string.Join(" ", faults)}");
        }
    }
}
