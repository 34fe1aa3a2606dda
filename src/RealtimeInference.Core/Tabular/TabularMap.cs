namespace RealtimeInference;

/// <summary>Says which part of an example each column of a specification is.</summary>
/// <remarks>
/// A function gives null, NaN or an empty text where there is no value. It must be thread-safe. Faults are collected, and reported
/// together when the encoder is made.
/// </remarks>
/// <typeparam name="T">The type of an example.</typeparam>
public sealed class TabularMap<T>
{
    private readonly SpecificationPlan _plan;
    private readonly Dictionary<string, Column<T>> _columns = [];
    private readonly List<string> _faults = [];

    internal TabularMap(SpecificationPlan plan) => _plan = plan;

    /// <summary>Maps a column of numbers.</summary>
    /// <param name="column">Its name in the specification.</param>
    /// <param name="value">Reads it from an example.</param>
    /// <returns>The map.</returns>
    public TabularMap<T> Number(string column, Func<T, double> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Add(column, "number", plan => new NumberColumn<T>(plan, value));
    }

    /// <summary>Maps a column of numbers that may be missing.</summary>
    /// <inheritdoc cref="Number(string, Func{T, double})"/>
    public TabularMap<T> Number(string column, Func<T, double?> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Number(column, row => value(row) ?? double.NaN);
    }

    /// <summary>Maps a column of truth values.</summary>
    /// <inheritdoc cref="Number(string, Func{T, double})"/>
    public TabularMap<T> Boolean(string column, Func<T, bool?> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Add(column, "boolean", plan => new BooleanColumn<T>(plan, value));
    }

    /// <summary>Maps a column of categories.</summary>
    /// <inheritdoc cref="Number(string, Func{T, double})"/>
    public TabularMap<T> Category(string column, Func<T, string?> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Add(column, "category", plan => new CategoryColumn<T>(plan, value));
    }

    /// <summary>Maps a column of dates.</summary>
    /// <inheritdoc cref="Number(string, Func{T, double})"/>
    public TabularMap<T> Date(string column, Func<T, DateTime?> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Add(column, "date", plan => new DateColumn<T>(plan, value));
    }

    /// <summary>Maps a column of dates with an offset: read on the clock at that offset.</summary>
    /// <inheritdoc cref="Number(string, Func{T, double})"/>
    public TabularMap<T> Date(string column, Func<T, DateTimeOffset?> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Date(column, row => value(row)?.DateTime);
    }

    /// <summary>Maps a column of dates without time.</summary>
    /// <inheritdoc cref="Number(string, Func{T, double})"/>
    public TabularMap<T> Date(string column, Func<T, DateOnly?> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Date(column, row => value(row)?.ToDateTime(TimeOnly.MinValue));
    }

    /// <summary>Maps a column that is a text, whatever its feature is made of: numbers as 1.5, truth values as 0, 1, false or true, dates in ISO 8601.</summary>
    /// <inheritdoc cref="Number(string, Func{T, double})"/>
    public TabularMap<T> Text(string column, Func<T, string?> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Value(column, row => value(row));
    }

    /// <summary>Maps a column whose values are numbers, texts, truth values or dates, as its feature needs them.</summary>
    /// <inheritdoc cref="Number(string, Func{T, double})"/>
    public TabularMap<T> Value(string column, Func<T, object?> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Add(column, null, plan => ValueColumn<T>.Create(plan, value));
    }

    /// <summary>Ends the mapping.</summary>
    /// <returns>A column for each feature, by name.</returns>
    internal IReadOnlyDictionary<string, Column<T>> Complete()
    {
        foreach (FeaturePlan feature in _plan.Features)
        {
            if (!_columns.ContainsKey(feature.Name))
            {
                _faults.Add($"the {feature.Type} '{feature.Name}' is mapped to nothing");
            }
        }

        return _faults.Count == 0 ? _columns : throw new FeatureMappingException(_faults);
    }

    private TabularMap<T> Add(string column, string? type, Func<FeaturePlan, Column<T>> create)
    {
        ArgumentNullException.ThrowIfNull(column);
        FeaturePlan? plan = _plan.Features.FirstOrDefault(f => f.Name == column);
        if (plan is null)
        {
            _faults.Add($"there is no feature '{column}'; names are case-sensitive");
        }
        else if (type is not null && plan.Type != type)
        {
            _faults.Add($"'{column}' is a {plan.Type}, and is mapped as a {type}");
            _columns.TryAdd(column, create(plan));
        }
        else if (!_columns.TryAdd(column, create(plan)))
        {
            _faults.Add($"'{column}' is mapped twice");
        }

        return this;
    }
}
