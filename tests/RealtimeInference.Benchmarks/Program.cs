using BenchmarkDotNet.Running;
using RealtimeInference.Benchmarks.Charts;
using RealtimeInference.Benchmarks.Ratios;

// `-- ratios [group] [--json FILE]` compares in one process, `-- chart` draws; anything else is BenchmarkDotNet's.
if (args is ["ratios", ..])
{
    return RatioCommand.Run(args.AsSpan(1));
}

if (args is ["chart", ..])
{
    return ChartCommand.Run(args.AsSpan(1));
}

BenchmarkSwitcher.FromAssembly(typeof(RatioCommand).Assembly).Run(args);
return 0;
