using Quorate.Raft;

namespace Quorate.Simulator;

/// <summary>What the checkers saw of a node when they last looked.</summary>
internal sealed class NodeShadow
{
    public HardState HardState { get; set; }

    public RaftRole Role { get; set; }

    public LogIndex Commit { get; set; }

    public LogIndex Applied { get; set; }

    /// <summary>The term of each entry of its log, from index 1; what was trimmed stays here.</summary>
    public TermList Log { get; } = new();

    public bool IsTruncated { get; set; }
}

/// <summary>A log as a list of terms.</summary>
internal sealed class TermList
{
    private readonly List<ulong> _terms = [];

    public int Last => _terms.Count;

    public EntryId LastId => new(new Term(TermAt(Last)), new LogIndex((ulong)Last));

    public ulong TermAt(int index) => index == 0 ? 0 : _terms[index - 1];

    public bool Holds(EntryId id) => (int)id.Index.Value <= Last && TermAt((int)id.Index.Value) == id.Term.Value;

    public void Add(ulong term) => _terms.Add(term);

    public void CutBehind(int last) => _terms.RemoveRange(last, _terms.Count - last);

    public TermList Copy()
    {
        var copy = new TermList();
        copy._terms.AddRange(_terms);
        return copy;
    }

    public TermListView View => new(this);
}

/// <summary>A list of terms for <see cref="AbstractRules"/>.</summary>
internal readonly record struct TermListView(TermList List) : ITermLog
{
    public int Last => List.Last;

    public ulong TermAt(int index) => List.TermAt(index);
}
