using Quorate.Storage;

namespace Quorate.Node;

/// <summary>The one thread of a process that blocks in write and sync. At most one write is outstanding.</summary>
public sealed class LogThread : ILogDisk, IDisposable
{
    private readonly AutoResetEvent _signal = new(initialState: false);
    private readonly ILogDiskListener _listener;
    private readonly Thread _thread;
    private DiskWrite? _next;
    private volatile bool _stopping;

    /// <param name="listener">Hears of completed writes, on this thread.</param>
    public LogThread(ILogDiskListener listener)
    {
        _listener = listener;
        _thread = new Thread(Run) { Name = "quorate-log", IsBackground = true };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Submit(DiskWrite write)
    {
        Volatile.Write(ref _next, write);
        _signal.Set();
    }

    /// <summary>Ends after the write under way.</summary>
    public void Dispose()
    {
        _stopping = true;
        _signal.Set();
        _thread.Join();
        _signal.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            if (Interlocked.Exchange(ref _next, null) is { } write)
            {
                Run(write);
            }
            else
            {
                _signal.WaitOne();
            }
        }
    }

    private void Run(DiskWrite write)
    {
        try
        {
            DiskWrite.Run(write);
            _listener.Written(write);
        }
        catch (Exception fault)
        {
            // A failed write or sync is never tried again: what the disk holds now is not known.
            _listener.Failed(write, fault);
        }
    }
}
