namespace Quorate.Storage;

/// <summary>What an error of the system means, on each operating system.</summary>
internal static class SystemFault
{
    private const int NoSpaceUnix = 28;
    private const int QuotaLinux = 122;
    private const int QuotaMac = 69;
    private const int WindowsError = unchecked((int)0x8007_0000);
    private const int DiskFullWindows = WindowsError | 112;
    private const int HandleDiskFullWindows = WindowsError | 39;
    private const int WouldBlockLinux = 11;
    private const int WouldBlockMac = 35;
    private const int SharingWindows = WindowsError | 32;
    private const int LockWindows = WindowsError | 33;

    /// <summary>Whether the fault means that there is no room; only these may be waited out.</summary>
    public static bool IsDiskFull(IOException fault, SystemKind system) => system switch
    {
        SystemKind.Windows => fault.HResult is DiskFullWindows or HandleDiskFullWindows,
        SystemKind.MacOS => fault.HResult is NoSpaceUnix or QuotaMac,
        _ => fault.HResult is NoSpaceUnix or QuotaLinux,
    };

    /// <summary>Whether the fault means that another process has the file.</summary>
    public static bool IsTaken(IOException fault, SystemKind system) => system switch
    {
        SystemKind.Windows => fault.HResult is SharingWindows or LockWindows,
        SystemKind.MacOS => fault.HResult is WouldBlockMac,
        _ => fault.HResult is WouldBlockLinux,
    };

    /// <summary>Does a call and turns what the system says into a fault that names the path.</summary>
    public static T Guard<T>(string path, string verb, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Of(path, verb, fault);
        }
    }

    /// <summary>The fault that names the path, made from what the system says.</summary>
    public static StorageException Of(string path, string verb, Exception fault) =>
        fault is IOException io && IsDiskFull(io, PathRules.Current)
            ? new DiskFullException(path, fault)
            : new StorageException(path, $"Cannot {verb} {path}: {fault.Message}", fault);

    /// <summary>As the other one, for a call without an outcome.</summary>
    public static void Guard(string path, string verb, Action call) => Guard(path, verb, () =>
    {
        call();
        return true;
    });
}
