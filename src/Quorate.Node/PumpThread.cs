namespace Quorate.Node;

/// <summary>A thread that waits for a signal and pumps until there is nothing left.</summary>
/// <remarks>The signal is never disposed: peers and disks set it to the last, and it goes with the object.</remarks>
internal sealed class PumpThread
{
    private const int UnitsPerCall = 16;
    private readonly AutoResetEvent _signal = new(initialState: true);
    private readonly Func<int, int> _pump;
    private readonly Action<Exception> _failed;
    private readonly Thread _thread;
    private volatile bool _stopping;
    private bool _signalled;

    public PumpThread(string name, Func<int, int> pump, Action<Exception> failed)
    {
        _pump = pump;
        _failed = failed;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    public void Start() => _thread.Start();

    /// <summary>There may be something to do. Any thread; costs a system call only when the thread may sleep.</summary>
    public void Signal()
    {
        if (!Interlocked.Exchange(ref _signalled, true))
        {
            _signal.Set();
        }
    }

    /// <summary>Ends after the pump under way and waits for that.</summary>
    public void Stop()
    {
        _stopping = true;
        _signal.Set();
        if (_thread.IsAlive && Environment.CurrentManagedThreadId != _thread.ManagedThreadId)
        {
            _thread.Join();
        }
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                // Taken back before the pump looks: what is posted from here on signals again.
                Interlocked.Exchange(ref _signalled, false);
                if (_pump(UnitsPerCall) == 0)
                {
                    _signal.WaitOne();
                }
            }
        }
        catch (Exception fault)
        {
            // The top of a thread: whatever came here ends the node, with a message.
            _failed(fault);
        }
    }
}
