using System.Diagnostics;

namespace Quorate.Cli.Serving;

/// <summary>
/// Ends a node with the process that started it. On Linux the kernel does it, which also reaches a node that is
/// stopped or hangs; elsewhere the node watches its parent and stops in order.
/// </summary>
internal static class ParentWatch
{
    /// <summary>
    /// Completes when the parent is gone. The kernel's parent is the thread that started us, so that one must live as
    /// long as the parent does.
    /// </summary>
    public static async Task WaitForEndAsync(int parentPid, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsLinux())
        {
            Posix.DieWithParent();
        }

        // It may have gone before we asked: then we have another parent by now.
        if (!OperatingSystem.IsWindows() && Posix.ParentPid() != parentPid)
        {
            return;
        }

        try
        {
            using var parent = Process.GetProcessById(parentPid);
            await parent.WaitForExitAsync(cancellationToken);
        }
        catch (ArgumentException)
        {
            // No such process: it has gone.
        }
    }
}
