namespace RealtimeInference;

/// <summary>A type that is to have an encoder, and all that its source says.</summary>
/// <param name="Namespace">Its namespace in code; empty for the global one.</param>
/// <param name="Name">Its name, without an escape.</param>
/// <param name="Type">Its whole name in code.</param>
/// <param name="IsPublic">Whether it is public; else it is internal.</param>
/// <param name="Tensor">The tensor of features that name none.</param>
/// <param name="Specification">The file that says what to encode.</param>
/// <param name="Members">Its properties: those with encodings, or all where a file says what to encode.</param>
/// <param name="Tensors">The tensors that attributes declare.</param>
/// <param name="Diagnostics">What is wrong so far.</param>
/// <param name="Location">Where the attribute stands.</param>
internal sealed record EncoderTarget(
    string Namespace,
    string Name,
    string Type,
    bool IsPublic,
    string Tensor,
    string? Specification,
    EquatableArray<EncoderMember> Members,
    EquatableArray<DeclaredTensor> Tensors,
    EquatableArray<DiagnosticInfo> Diagnostics,
    LocationInfo? Location);
