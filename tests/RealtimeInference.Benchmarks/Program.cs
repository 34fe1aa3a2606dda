using BenchmarkDotNet.Running;
using RealtimeInference.Benchmarks.Ratios;

// `-- ratios [group] [--json FILE]` compares in one process; anything else is BenchmarkDotNet's.
if (args is ["ratios", ..])
{
    return RatioCommand.Run(args.AsSpan(1));
}

BenchmarkSwitcher.FromAssembly(typeof(RatioCommand).Assembly).Run(args);
return 0;
