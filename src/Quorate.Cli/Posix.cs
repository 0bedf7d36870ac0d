using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Quorate.Cli;

/// <summary>The three system calls that .NET has no name for; all blittable.</summary>
internal static partial class Posix
{
    public const int Sigkill = 9;
    public const int Sigterm = 15;
    private const int PrSetPdeathsig = 1;

    [UnsupportedOSPlatform("windows")]
    public static void Signal(int pid, int signal) => _ = Kill(pid, signal);

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "getppid")]
    public static partial int ParentPid();

    /// <summary>Has the kernel kill this process when the thread that started it ends, however that happens.</summary>
    [SupportedOSPlatform("linux")]
    public static void DieWithParent() => _ = Prctl(PrSetPdeathsig, Sigkill, 0, 0, 0);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Prctl(int option, nuint argument, nuint unused3, nuint unused4, nuint unused5);
}
