namespace RealtimeInference;

/// <summary>The names under which the library's own stages are timed.</summary>
public static class StageNames
{
    /// <summary>Checking the input.</summary>
    public const string Validate = "validate";

    /// <summary>Looking features up in a store.</summary>
    public const string Features = "features";

    /// <summary>A step of the user's own that was given no name.</summary>
    public const string Transform = "transform";

    /// <summary>Writing the input tensors.</summary>
    public const string Preprocess = "preprocess";

    /// <summary>Waiting for a batch. Not there for a prediction that was run at once.</summary>
    public const string Queue = "queue";

    /// <summary>The forward pass.</summary>
    public const string Run = "run";

    /// <summary>Reading the output tensors.</summary>
    public const string Postprocess = "postprocess";

    /// <summary>Producing a stream, from the first part to the last.</summary>
    public const string Stream = "stream";
}
