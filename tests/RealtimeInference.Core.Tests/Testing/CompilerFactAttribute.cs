namespace RealtimeInference.Core.Tests.Testing;

/// <summary>A fact that compiles a small native library first.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CompilerFactAttribute : FactAttribute
{
    public CompilerFactAttribute() =>
        Skip = NativeLibraries.Compiler is null ? "Needs Linux and a C compiler: cc, clang or gcc." : null;
}
