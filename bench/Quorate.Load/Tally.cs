using System.Text;

namespace Quorate.Load;

/// <summary>
/// What came back on one connection: the times of what was done, and how often each error came. A refusal certainly
/// did nothing; of an unknown nobody can say yet whether it was done.
/// </summary>
internal sealed class Tally
{
    public Histogram Puts { get; } = new();

    public Histogram Gets { get; } = new();

    /// <summary>Gets that found no key; they are answers like any other and are among the gets.</summary>
    public long Missing { get; private set; }

    public SortedDictionary<string, long> Refused { get; } = [];

    public SortedDictionary<string, long> Unknown { get; } = [];

    public long RefusedCount { get; private set; }

    public long UnknownCount { get; private set; }

    /// <summary>Takes one answer; false if it was an error.</summary>
    public bool Answered(OperationKind kind, int status, ReadOnlySpan<byte> body, long nanoseconds)
    {
        var missing = kind == OperationKind.Get && status == 404;
        if (status is >= 200 and < 300 || missing)
        {
            (kind == OperationKind.Put ? Puts : Gets).Record(nanoseconds);
            Missing += missing ? 1 : 0;
            return true;
        }

        var code = $"{status} {CodeOf(body)}".TrimEnd();
        if (status is 500 or 502 or 504)
        {
            OutcomeUnknown(code);
        }
        else
        {
            CertainlyRefused(code);
        }

        return false;
    }

    public void CertainlyRefused(string why)
    {
        Count(Refused, why, 1);
        RefusedCount++;
    }

    public void OutcomeUnknown(string why, int times = 1)
    {
        Count(Unknown, why, times);
        UnknownCount += times;
    }

    public void Add(Tally other)
    {
        Puts.Add(other.Puts);
        Gets.Add(other.Gets);
        Missing += other.Missing;
        RefusedCount += other.RefusedCount;
        UnknownCount += other.UnknownCount;
        Merge(Refused, other.Refused);
        Merge(Unknown, other.Unknown);
    }

    private static void Merge(SortedDictionary<string, long> into, SortedDictionary<string, long> from)
    {
        lock (from)
        {
            foreach (var (code, times) in from)
            {
                Count(into, code, times);
            }
        }
    }

    private static void Count(SortedDictionary<string, long> counts, string code, long times)
    {
        lock (counts)
        {
            counts[code] = counts.GetValueOrDefault(code) + times;
        }
    }

    // {"code":"no_leader",...}: only the word is wanted.
    private static string CodeOf(ReadOnlySpan<byte> body)
    {
        var mark = "\"code\":\""u8;
        var at = body.IndexOf(mark);
        if (at < 0)
        {
            return "";
        }

        var rest = body[(at + mark.Length)..];
        var end = rest.IndexOf((byte)'"');
        return end is >= 0 and < 64 ? Encoding.UTF8.GetString(rest[..end]) : "";
    }
}
