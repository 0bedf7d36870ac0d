using Quorate.Cli.Commands;

namespace Quorate.Cli;

/// <summary>The executable: the composition root.</summary>
internal static class Program
{
    public static int Main(string[] args) => QuorateCommand.Run(args, Surroundings.OfThisProcess());
}
