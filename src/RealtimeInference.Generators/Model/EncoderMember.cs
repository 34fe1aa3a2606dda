namespace RealtimeInference;

/// <summary>A property, and what its attributes make of it.</summary>
/// <param name="Property">Its name as code writes it.</param>
/// <param name="Feature">The name of its feature.</param>
/// <param name="Type">Its type in code; without the question mark of a nullable value type.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="IsNullable">Whether it is a nullable value type.</param>
/// <param name="CanBeNaN">Whether it has a value that is not a number.</param>
/// <param name="EnumMembers">The members of its enum.</param>
/// <param name="Plan">The feature of its attribute; <see langword="null"/> where the file says what it is.</param>
/// <param name="Tensor">The tensor of its attribute.</param>
/// <param name="Location">Where it is declared.</param>
internal sealed record EncoderMember(
    string Property,
    string Feature,
    string Type,
    ValueKind Kind,
    bool IsNullable,
    bool CanBeNaN,
    EquatableArray<EnumMember> EnumMembers,
    FeaturePlan? Plan,
    string? Tensor,
    LocationInfo? Location);
