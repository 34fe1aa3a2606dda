namespace RealtimeInference.Interleaving;

/// <summary>Takes a thread out of whatever it does, when its schedule is over.</summary>
internal sealed class AbandonedException : Exception;
