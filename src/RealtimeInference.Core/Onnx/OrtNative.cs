using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference;

/// <summary>
/// The few functions of ONNX Runtime's C API that the managed package has no method for, or only one that allocates.
/// </summary>
/// <remarks>
/// The C API is a struct of function pointers that only grows at its end, so an index is stable from the version that
/// introduced it: the offset in <c>struct OrtApi</c> of <c>onnxruntime_c_api.h</c>, divided by the size of a pointer.
/// </remarks>
internal static unsafe class OrtNative
{
    // The version of the API that the indices below were read from; also that of the managed package.
    private const uint ApiVersion = 31;

    private const int GetErrorMessageIndex = 2;
    private const int ReleaseStatusIndex = 93;
    private const int RunWithBindingIndex = 133;
    private const int SessionGetEpGraphAssignmentInfoIndex = 407;
    private const int EpAssignedSubgraphGetEpNameIndex = 408;
    private const int EpAssignedSubgraphGetNodesIndex = 409;

    private static readonly delegate* unmanaged[Cdecl]<nint, byte*> s_getErrorMessage;
    private static readonly delegate* unmanaged[Cdecl]<nint, void> s_releaseStatus;
    private static readonly delegate* unmanaged[Cdecl]<nint, nint, nint, nint> s_runWithBinding;
    private static readonly delegate* unmanaged[Cdecl]<nint, nint**, nuint*, nint> s_getAssignment;
    private static readonly delegate* unmanaged[Cdecl]<nint, byte**, nint> s_getEpName;
    private static readonly delegate* unmanaged[Cdecl]<nint, nint**, nuint*, nint> s_getNodes;

#pragma warning disable CA1810 // One look-up of the API serves every field.
    static OrtNative()
#pragma warning restore CA1810
    {
        // The managed package has loaded and checked the library before any session exists, so this finds the same one.
        var apiBase = (OrtApiBase*)OrtGetApiBasePointer(null);
        var getApi = (delegate* unmanaged[Cdecl]<uint, void*>)apiBase->GetApi;
        void** api = (void**)getApi(ApiVersion);
        s_getErrorMessage = (delegate* unmanaged[Cdecl]<nint, byte*>)api[GetErrorMessageIndex];
        s_releaseStatus = (delegate* unmanaged[Cdecl]<nint, void>)api[ReleaseStatusIndex];
        s_runWithBinding = (delegate* unmanaged[Cdecl]<nint, nint, nint, nint>)api[RunWithBindingIndex];
        s_getAssignment = (delegate* unmanaged[Cdecl]<nint, nint**, nuint*, nint>)api[SessionGetEpGraphAssignmentInfoIndex];
        s_getEpName = (delegate* unmanaged[Cdecl]<nint, byte**, nint>)api[EpAssignedSubgraphGetEpNameIndex];
        s_getNodes = (delegate* unmanaged[Cdecl]<nint, nint**, nuint*, nint>)api[EpAssignedSubgraphGetNodesIndex];
    }

    /// <summary>Gets the native session behind the managed one.</summary>
    public static nint GetHandle(InferenceSession session) => NativeHandle(session);

    /// <summary>Runs a session with everything bound.</summary>
    /// <returns>The message of the failure, or <see langword="null"/> after a success.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static string? RunWithBinding(nint session, nint runOptions, nint binding)
    {
        nint status = s_runWithBinding(session, runOptions, binding);
        return status == 0 ? null : TakeMessage(status);
    }

    /// <summary>Counts the nodes that each execution provider took, by the provider's name.</summary>
    /// <remarks>Needs the session entry <c>session.record_ep_graph_assignment_info</c>.</remarks>
    public static Dictionary<string, int> CountNodesByProvider(nint session)
    {
        nint* subgraphs;
        nuint subgraphCount;
        ThrowIfFailed(s_getAssignment(session, &subgraphs, &subgraphCount));
        var counts = new Dictionary<string, int>();
        for (nuint i = 0; i < subgraphCount; i++)
        {
            byte* name;
            ThrowIfFailed(s_getEpName(subgraphs[i], &name));
            nint* nodes;
            nuint nodeCount;
            ThrowIfFailed(s_getNodes(subgraphs[i], &nodes, &nodeCount));
            string provider = Marshal.PtrToStringUTF8((nint)name)!;
            counts[provider] = counts.GetValueOrDefault(provider) + (int)nodeCount;
        }

        return counts;
    }

    private static void ThrowIfFailed(nint status)
    {
        if (status != 0)
        {
            throw new InvalidOperationException(TakeMessage(status));
        }
    }

    private static string TakeMessage(nint status)
    {
        string message = Marshal.PtrToStringUTF8((nint)s_getErrorMessage(status)) ?? "";
        s_releaseStatus(status);
        return message;
    }

    // The managed package keeps both to itself. A package that renamed them would fail every test, not only in the field.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_nativeHandle")]
    private static extern ref nint NativeHandle(InferenceSession session);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "OrtGetApiBasePointer")]
    private static extern nint OrtGetApiBasePointer(
        [UnsafeAccessorType("Microsoft.ML.OnnxRuntime.NativeMethods, Microsoft.ML.OnnxRuntime")] object? type);
}
