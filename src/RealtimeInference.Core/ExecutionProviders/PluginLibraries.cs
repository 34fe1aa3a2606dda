using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference;

/// <summary>Registers plug-in libraries, each once in the life of the process.</summary>
internal static class PluginLibraries
{
    private static readonly Lock s_lock = new();

    // By the library's path: the names of the providers that came with it.
    private static readonly Dictionary<string, HashSet<string>> s_registered = [];

    // By library, provider and device: the settings of the arena that its sessions share.
    private static readonly Dictionary<string, string> s_arenas = [];

    /// <summary>Registers a library if need be, and finds its devices.</summary>
    /// <exception cref="OnnxRuntimeException">It is not a plug-in library, or something that it needs is missing.</exception>
    public static OrtEpDevice[] GetDevices(OrtEnv environment, string libraryPath)
    {
        // ONNX Runtime resolves a relative path against its own folder, not the current one.
        string fullPath = Path.GetFullPath(libraryPath);
        lock (s_lock)
        {
            if (!s_registered.TryGetValue(fullPath, out HashSet<string>? names))
            {
                var before = environment.GetEpDevices().Select(static d => d.EpName).ToHashSet();
                environment.RegisterExecutionProviderLibrary(fullPath, fullPath);
                names = [.. environment.GetEpDevices().Select(static d => d.EpName).Where(n => !before.Contains(n))];
                s_registered.Add(fullPath, names);
            }

            // Two libraries may bring providers of one name; the path tells them apart where the library reports it.
            return [.. environment.GetEpDevices().Where(d =>
                d.EpMetadata.Entries.TryGetValue("library_path", out string? path) ? path == fullPath : names.Contains(d.EpName))];
        }
    }

    /// <summary>Makes the arena that all sessions on a device share, the first time; later its settings must be the same.</summary>
    /// <returns>The settings that stand, if they are others.</returns>
    public static string? ShareArena(OrtEnv environment, OrtEpDevice device, string deviceKey, Dictionary<string, string> settings)
    {
        string text = string.Join(", ", settings.Select(static s => $"{s.Key} = {s.Value}"));
        lock (s_lock)
        {
            if (s_arenas.TryGetValue(deviceKey, out string? existing))
            {
                return existing == text ? null : existing;
            }

            environment.CreateSharedAllocator(device, OrtDeviceMemoryType.DEFAULT, OrtAllocatorType.ArenaAllocator, settings);
            s_arenas.Add(deviceKey, text);
            return null;
        }
    }
}
