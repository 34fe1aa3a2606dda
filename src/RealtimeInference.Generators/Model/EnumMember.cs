namespace RealtimeInference;

/// <summary>A member of an enum that a property has as its type.</summary>
internal sealed record EnumMember(string Name, string Value);
