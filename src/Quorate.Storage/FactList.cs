namespace Quorate.Storage;

/// <summary>Facts on their way to the shell; added by any thread, taken by any.</summary>
internal sealed class FactList
{
    private readonly Lock _gate = new();
    private List<StorageFact> _facts = [];

    public void Add(StorageFact fact)
    {
        lock (_gate)
        {
            _facts.Add(fact);
        }
    }

    public IReadOnlyList<StorageFact> Take()
    {
        lock (_gate)
        {
            if (_facts.Count == 0)
            {
                return [];
            }

            var taken = _facts;
            _facts = [];
            return taken;
        }
    }
}
