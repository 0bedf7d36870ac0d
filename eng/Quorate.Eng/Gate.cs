namespace Quorate.Eng;

/// <summary>Open, or closed until it is opened.</summary>
internal sealed class Gate
{
    private volatile TaskCompletionSource _opened = Passed();

    public Task PassAsync() => _opened.Task;

    public void Close()
    {
        if (_opened.Task.IsCompleted)
        {
            _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Open() => _opened.TrySetResult();

    private static TaskCompletionSource Passed()
    {
        var passed = new TaskCompletionSource();
        passed.SetResult();
        return passed;
    }
}
