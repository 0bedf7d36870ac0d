using Quorate.Storage;

namespace Quorate.Simulator;

/// <summary>The disk as one process of a node sees it. Every call is a place where the process can end.</summary>
internal sealed class SimFileSystem(SimDisk disk, SimProcess process, DiskFaults faults) : IFileSystem
{
    public void CreateDirectory(string path)
    {
        process.Touch();
        RefuseWhenFull(path);
        disk.CreateDirectory(Normal(path));

        // The real one makes the new name durable at once.
        SyncDirectory(SimDisk.Parent(Normal(path)));
    }

    public bool FileExists(string path)
    {
        process.Touch();
        return disk.Find(Normal(path)) is not null;
    }

    public IReadOnlyList<string> List(string directory)
    {
        process.Touch();
        return disk.Exists(Normal(directory)) ? disk.List(Normal(directory)) : throw Missing(directory);
    }

    public IFile Create(string path)
    {
        process.Touch();
        RefuseWhenFull(path);
        path = Normal(path);
        if (disk.Exists(path))
        {
            throw new StorageException(path, $"{path} exists already.", inner: null);
        }

        return disk.Exists(SimDisk.Parent(path))
            ? new SimFile(path, disk.CreateFile(path), process, faults, writable: true)
            : throw Missing(path);
    }

    public IFile Open(string path, bool writable)
    {
        process.Touch();
        path = Normal(path);
        return new SimFile(path, disk.Find(path) ?? throw Missing(path), process, faults, writable);
    }

    public void Rename(string from, string to)
    {
        process.Touch();
        if (!disk.Exists(Normal(from)))
        {
            throw Missing(from);
        }

        disk.Rename(Normal(from), Normal(to));
    }

    public void Delete(string path)
    {
        process.Touch();
        if (disk.Find(Normal(path)) is null)
        {
            throw Missing(path);
        }

        disk.Delete(Normal(path));
    }

    public void DeleteDirectory(string path)
    {
        process.Touch();
        if (List(path).Count > 0)
        {
            throw new StorageException(path, $"{path} is not empty.", inner: null);
        }

        disk.Delete(Normal(path));
    }

    public void SyncDirectory(string path)
    {
        process.Touch();
        if (faults.Strikes(faults.SyncErrorChance, FaultKind.SyncError))
        {
            throw new StorageException(path, $"Syncing the directory {path} failed (simulated).", inner: null);
        }

        disk.SyncDirectory(Normal(path));
    }

    public IDisposable? TryLock(string path)
    {
        process.Touch();
        path = Normal(path);
        if (!disk.Exists(path))
        {
            disk.CreateFile(path);
        }

        return disk.TryLock(path, process);
    }

    private void RefuseWhenFull(string path)
    {
        if (faults.IsFull)
        {
            faults.Count(FaultKind.NoSpace);
            throw new DiskFullException(path, inner: null);
        }
    }

    private static StorageException Missing(string path) => new(path, $"{path} does not exist.", inner: null);

    // One spelling of a path on every system that the simulator runs on.
    private static string Normal(string path)
    {
        var normal = path.Replace('\\', '/').TrimEnd('/');
        return normal.Length == 0 ? "/" : normal;
    }
}
