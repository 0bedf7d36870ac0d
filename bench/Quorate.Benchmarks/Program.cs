using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// `dotnet run -c Release --project bench/Quorate.Benchmarks -- --filter '*'`
// In process: a generated project would inherit this repository's build settings and lock files.
var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(Quorate.Benchmarks.StoreBenchmarks).Assembly).Run(args, config);
