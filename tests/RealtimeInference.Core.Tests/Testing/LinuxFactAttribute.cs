namespace RealtimeInference.Core.Tests.Testing;

/// <summary>A fact about how Linux finds native libraries.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() =>
        Skip = OperatingSystem.IsLinux() ? null : "The names of native libraries are those of Linux.";
}
