namespace Quorate.Simulator;

/// <summary>
/// A log of at most three entries of terms 1 and 2, in eight bits: two for its length, one for each term, and one for
/// whether the entry changes the configuration.
/// </summary>
internal readonly record struct AbstractLog(byte Bits) : ITermLog
{
    private const int TermsAt = 2;
    private const int ChangesAt = 5;

    public int Last => Bits & 3;

    public ulong LastTerm => TermAt(Last);

    public ulong TermAt(int index) => index == 0 ? 0 : 1UL + ((uint)(Bits >> (TermsAt + index - 1)) & 1);

    public bool IsChangeAt(int index) => ((Bits >> (ChangesAt + index - 1)) & 1) == 1;

    public AbstractLog Append(ulong term, bool isChange) => new((byte)((Bits & ~3) | (Last + 1)
        | ((int)(term - 1) << (TermsAt + Last)) | ((isChange ? 1 : 0) << (ChangesAt + Last))));

    /// <summary>The first entries.</summary>
    public AbstractLog Prefix(int last)
    {
        var kept = (1 << last) - 1;
        return new((byte)(last | (Bits & ((kept << TermsAt) | (kept << ChangesAt)))));
    }

    public bool StartsWith(AbstractLog prefix) => prefix.Last <= Last && Prefix(prefix.Last) == prefix;

    public override string ToString()
    {
        var log = this;
        return $"[{string.Join(' ', Enumerable.Range(1, Last).Select(
            index => $"{log.TermAt(index)}{(log.IsChangeAt(index) ? "c" : "")}"))}]";
    }
}
