using Microsoft.Extensions.Configuration;

namespace RealtimeInference;

/// <summary>What <c>AddModel</c> was told.</summary>
internal sealed record ModelRegistration(string Name, string? Path, Action<OnnxModelOptions>? Configure);

/// <summary>The section that <c>AddRealtimeInference</c> was given.</summary>
internal sealed record ModelConfigurationRoot(IConfiguration Configuration);

/// <summary>What <c>ConfigureEnvironment</c> was told.</summary>
internal sealed record EnvironmentConfiguration(Action<OnnxEnvironmentOptions> Configure);
