using System.Text;
using Quorate.Mvcc;

namespace Quorate.Benchmarks;

/// <summary>What the benchmarks are fed with.</summary>
internal static class Inputs
{
    public static readonly IApplySink NoSink = new DeafSink();

    /// <summary>Keys with a shared prefix and no order in what follows.</summary>
    public static byte[][] Keys(int count) =>
        [.. Enumerable.Range(0, count).Select(number => Encoding.ASCII.GetBytes($"/bench/{Spread(number):x16}"))];

    private static ulong Spread(int number) => (ulong)number * 0x9E37_79B9_7F4A_7C15;

    private sealed class DeafSink : IApplySink
    {
        public void Completed(int ordinal, ApplyResult result)
        {
            // Nobody waits in a benchmark.
        }
    }
}
