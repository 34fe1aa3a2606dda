namespace RealtimeInference;

/// <summary>A provider that was tried and not taken.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why it was not taken.</param>
public sealed record RejectedProvider(string Name, string Reason);
