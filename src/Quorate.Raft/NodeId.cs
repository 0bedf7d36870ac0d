using System.Globalization;

namespace Quorate.Raft;

/// <summary>A member id: 64 bits, never 0, never reused. Shown in hexadecimal.</summary>
public readonly record struct NodeId(ulong Value) : IComparable<NodeId>
{
    /// <summary>No member.</summary>
    public static readonly NodeId None;

    /// <summary>
    /// Reads an id in hexadecimal, as people write it: with or without the <c>n</c> that <see cref="ToString"/> sets
    /// before it. False for what is no id, zero among it.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out NodeId id)
    {
        var digits = text is ['n', ..] ? text[1..] : text;
        var isNumber = ulong.TryParse(
            digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        id = new NodeId(value);
        return isNumber && id != None;
    }

    /// <inheritdoc/>
    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);

    /// <summary>As in <c>n1</c>; <c>-</c> for <see cref="None"/>.</summary>
    public override string ToString() => Value == 0 ? "-" : $"n{Value:x}";
}
