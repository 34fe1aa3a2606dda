using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference;

/// <summary>Turns our options into ONNX Runtime's.</summary>
internal static class SessionOptionsFactory
{
    public static SessionOptions Create(OnnxModelOptions options, string logId)
    {
        var session = new SessionOptions
        {
            LogId = logId,
            EnableCpuMemArena = options.UseMemoryArena,
            EnableMemoryPattern = options.UseMemoryPattern,
            ExecutionMode = options.RunOperatorsInParallel ? ExecutionMode.ORT_PARALLEL : ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = options.GraphOptimization switch
            {
                GraphOptimization.None => GraphOptimizationLevel.ORT_DISABLE_ALL,
                GraphOptimization.Basic => GraphOptimizationLevel.ORT_ENABLE_BASIC,
                GraphOptimization.Extended => GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
                _ => GraphOptimizationLevel.ORT_ENABLE_ALL,
            },
        };
        try
        {
            Fill(session, options);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static void Fill(SessionOptions session, OnnxModelOptions options)
    {
        // What each provider took; read back after the load.
        session.AddSessionConfigEntry("session.record_ep_graph_assignment_info", "1");
        if (options.UseSharedThreadPool)
        {
            session.DisablePerSessionThreads();
        }

        if (options.IntraOpThreads is { } intra)
        {
            session.IntraOpNumThreads = intra;
        }

        if (options.InterOpThreads is { } inter)
        {
            session.InterOpNumThreads = inter;
        }

        if (options.AllowSpinning is { } spinning)
        {
            session.AddSessionConfigEntry("session.intra_op.allow_spinning", spinning ? "1" : "0");
            session.AddSessionConfigEntry("session.inter_op.allow_spinning", spinning ? "1" : "0");
        }

        if (options.OptimizedModelPath is { } optimizedPath)
        {
            session.OptimizedModelFilePath = optimizedPath;
        }

        if (options.ProfileOutputPrefix is { } profilePrefix)
        {
            session.ProfileOutputPathPrefix = profilePrefix;
            session.EnableProfiling = true;
        }

        if (options.ExternalDataFolder is { } folder)
        {
            session.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.GetFullPath(folder));
        }

        foreach ((string name, long length) in options.FreeDimensionOverrides)
        {
            session.AddFreeDimensionOverrideByName(name, length);
        }

        foreach (string library in options.CustomOperatorLibraries)
        {
            session.RegisterCustomOpLibrary(Path.GetFullPath(library));
        }

        foreach ((string key, string value) in options.SessionConfiguration)
        {
            session.AddSessionConfigEntry(key, value);
        }
    }
}
