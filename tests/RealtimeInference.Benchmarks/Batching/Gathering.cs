namespace RealtimeInference.Benchmarks.Batching;

/// <summary>How requests reach the model in our pipeline.</summary>
internal enum Gathering
{
    /// <summary>In batches, as by default.</summary>
    Batched,

    /// <summary>Through the same queue and in as many runs at once, but every example in a run of its own.</summary>
    OneByOne,

    /// <summary>On the caller's thread, without a queue.</summary>
    Unbatched,
}
