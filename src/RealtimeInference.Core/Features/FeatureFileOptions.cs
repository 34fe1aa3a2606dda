namespace RealtimeInference;

/// <summary>How a file with features is read.</summary>
public sealed class FeatureFileOptions
{
    /// <summary>Gets or sets the column, or property, that holds the key.</summary>
    /// <value><see langword="null"/>, as by default, for the name of the view's <see cref="FeatureView.Entity"/>.</value>
    public string? KeyColumn { get; set; }

    /// <summary>Gets or sets the column, or property, that says when the values were true, in ISO 8601.</summary>
    /// <value><c>timestamp</c> by default. Where there is none, or it is empty, it is the time of loading.</value>
    public string TimestampColumn { get; set; } = "timestamp";

    /// <summary>Gets or sets what stands between the cells of a CSV file.</summary>
    /// <value>A comma by default. Not a quote, nor the end of a line.</value>
    public char Separator { get; set; } = ',';

    /// <summary>Gets or sets whether fields of the view may have no column in a CSV file: they are missing then in all rows.</summary>
    /// <value><see langword="false"/> by default, so that a misspelt column is noticed.</value>
    public bool AllowMissingColumns { get; set; }

    internal void ThrowIfFaulty()
    {
        List<string> faults = [];
        if (KeyColumn is "")
        {
            faults.Add($"{nameof(KeyColumn)} is empty: a name, or null for the entity's.");
        }

        if (string.IsNullOrEmpty(TimestampColumn))
        {
            faults.Add($"{nameof(TimestampColumn)} is empty: a name, which need not occur in the file.");
        }

        if (Separator is '"' or '\r' or '\n')
        {
            faults.Add($"{nameof(Separator)} is a quote or the end of a line: any other character.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException("The options of the feature file have faults: " + string.Join(" ", faults));
        }
    }
}
