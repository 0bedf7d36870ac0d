using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Quorate.Storage;

/// <summary>
/// The one place that knows how each operating system makes a file and a directory durable.
/// <list type="bullet">
/// <item>Linux: <c>fdatasync</c> for files. The framework's flush is <c>fsync</c>, which also waits for the journal
/// when only the time of change is new. <c>fsync</c> on the opened directory, for which the framework has no
/// call.</item>
/// <item>macOS: the framework's flush, which is <c>F_FULLFSYNC</c> and reaches the medium; directories as on
/// Linux.</item>
/// <item>Windows: the framework's flush. NTFS journals names, and a directory cannot be flushed.</item>
/// </list>
/// </summary>
internal static partial class DiskSync
{
    private const int ReadOnly = 0;
    private const int CloseOnExecLinux = 0x80000;
    private const int CloseOnExecMac = 0x1000000;
    private const int Interrupted = 4;

    /// <exception cref="IOException">It failed, or the system cannot tell.</exception>
    public static void File(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle);
            return;
        }

        while (FileDataSync(handle) < 0)
        {
            ThrowUnlessInterrupted();
        }
    }

    /// <exception cref="IOException">It failed.</exception>
    public static void Directory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var flags = ReadOnly | (OperatingSystem.IsMacOS() ? CloseOnExecMac : CloseOnExecLinux);
        int descriptor;
        while ((descriptor = Open(NullTerminated(path), flags)) < 0)
        {
            ThrowUnlessInterrupted();
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        while (FileSync(handle) < 0)
        {
            ThrowUnlessInterrupted();
        }
    }

    private static byte[] NullTerminated(string path) => [.. Encoding.UTF8.GetBytes(path), 0];

    // Interrupted means that nothing was tried; any other failure of a sync is final.
    private static void ThrowUnlessInterrupted()
    {
        var error = Marshal.GetLastPInvokeError();
        if (error != Interrupted)
        {
            throw new IOException(new Win32Exception(error).Message, error);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open([In] byte[] path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FileSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FileDataSync(SafeFileHandle file);
}
