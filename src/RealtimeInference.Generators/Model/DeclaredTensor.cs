namespace RealtimeInference;

/// <summary>A tensor whose element type an attribute gives.</summary>
internal sealed record DeclaredTensor(string Name, bool IsInt64, LocationInfo? Location);
