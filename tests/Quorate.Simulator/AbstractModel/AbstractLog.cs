namespace Quorate.Simulator;

/// <summary>
/// A log of at most three entries of terms 1 and 2, in five bits: two for its length, one for each term.
/// </summary>
internal readonly record struct AbstractLog(byte Bits) : ITermLog
{
    public int Last => Bits & 3;

    public ulong LastTerm => TermAt(Last);

    public ulong TermAt(int index) => index == 0 ? 0 : 1UL + ((uint)(Bits >> (1 + index)) & 1);

    public AbstractLog Append(ulong term) =>
        new((byte)((Bits & ~3) | (Last + 1) | ((int)(term - 1) << (2 + Last))));

    /// <summary>The first entries.</summary>
    public AbstractLog Prefix(int last) => new((byte)(last | (Bits & (((1 << last) - 1) << 2))));

    public bool StartsWith(AbstractLog prefix) => prefix.Last <= Last && Prefix(prefix.Last) == prefix;

    public override string ToString()
    {
        var log = this;
        return $"[{string.Join(' ', Enumerable.Range(1, Last).Select(index => log.TermAt(index)))}]";
    }
}
