namespace RealtimeInference;

/// <summary>A field or a row of one view was used with another: a fault of the program.</summary>
public sealed class FeatureMismatchException : PredictionException
{
    private FeatureMismatchException(string message, string expectedView, string? foundView)
        : base(message)
    {
        ExpectedView = expectedView;
        FoundView = foundView;
    }

    /// <summary>Gets the name of the view that was asked.</summary>
    public string ExpectedView { get; }

    /// <summary>Gets the name of the view that the field or row is of.</summary>
    /// <value><see langword="null"/> for a field of no view.</value>
    public string? FoundView { get; }

    internal static FeatureMismatchException OtherField(FeatureView view, FeatureField field) => new(
        field.View is null
            ? $"The field '{field.Name}' is of no view, but the row is of '{view.Name}': list the field in its view."
            : $"The field '{field.Name}' is of the view '{field.View.Name}', but the row is of '{view.Name}'. That view has: " +
                $"{string.Join(", ", view.Fields.Select(static f => $"'{f.Name}'"))}." +
                (field.View.Name == view.Name ? " The two views have the same name, but are two objects: make one per view for the process." : ""),
        view.Name,
        field.View?.Name);

    internal static FeatureMismatchException OtherView(FeatureView expected, FeatureView found) => new(
        $"A row of the view '{found.Name}' was given where one of '{expected.Name}' is needed." +
            (found.Name == expected.Name ? " The two views have the same name, but are two objects: make one per view for the process." : ""),
        expected.Name,
        found.Name);

    internal static FeatureMismatchException NotLookedUp(FeatureView view, FeatureView[] views)
    {
        string known = string.Join(", ", views.Select(static v => v.Name).Distinct().Select(static n => $"'{n}'"));
        return new FeatureMismatchException(
            $"The view '{view.Name}' was not looked up, only {known}: add it to the lookup." +
                (Array.Exists(views, v => v.Name == view.Name) ? " The two views have the same name, but are two objects: make one per view for the process." : ""),
            known,
            view.Name);
    }
}
