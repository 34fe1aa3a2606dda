namespace RealtimeInference;

/// <summary>The rows that one request looked up, by view. Valid only during the call that was given it.</summary>
public readonly ref struct FeatureRows
{
    private readonly FeatureLookup _lookup;
    private readonly TimeProvider _timeProvider;

    internal FeatureRows(FeatureLookup lookup, TimeProvider timeProvider)
    {
        _lookup = lookup;
        _timeProvider = timeProvider;
    }

    /// <summary>Gets the first row of a view.</summary>
    /// <param name="view">A view of the lookup.</param>
    /// <exception cref="FeatureMismatchException">The lookup has no such view.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The request named no entity for it.</exception>
    public FeatureValues this[FeatureView view] => this[view, 0];

    /// <summary>Gets a row of a view.</summary>
    /// <param name="view">A view of the lookup.</param>
    /// <param name="index">Which, from 0: in the order in which the view was added to the lookup, and its keys to the view.</param>
    /// <exception cref="FeatureMismatchException">The lookup has no such view.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public FeatureValues this[FeatureView view, int index] => new(_lookup.GetRow(view, index), _timeProvider);

    /// <summary>Counts the rows of a view.</summary>
    /// <param name="view">A view of the lookup.</param>
    /// <returns>How many entities the request named for it.</returns>
    /// <exception cref="FeatureMismatchException">The lookup has no such view.</exception>
    public int Count(FeatureView view) => _lookup.CountRows(view);
}
