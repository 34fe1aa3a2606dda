using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference;

/// <summary>Registers plug-in libraries, each once in the life of the process.</summary>
internal static class PluginLibraries
{
    private static readonly Lock s_lock = new();
    private static readonly HashSet<string> s_registered = [];

    /// <summary>Registers a library if need be, and finds its devices.</summary>
    /// <exception cref="OnnxRuntimeException">It is not a plug-in library, or something that it needs is missing.</exception>
    public static IReadOnlyList<OrtEpDevice> GetDevices(OrtEnv environment, string libraryPath)
    {
        // ONNX Runtime resolves a relative path against its own folder, not the current one.
        string fullPath = Path.GetFullPath(libraryPath);
        lock (s_lock)
        {
            if (!s_registered.Contains(fullPath))
            {
                environment.RegisterExecutionProviderLibrary(fullPath, fullPath);
                s_registered.Add(fullPath);
            }
        }

        return [.. environment.GetEpDevices().Where(d =>
            d.EpMetadata.Entries.TryGetValue("library_path", out string? path) && path == fullPath)];
    }
}
