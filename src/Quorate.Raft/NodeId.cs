namespace Quorate.Raft;

/// <summary>A member id: 64 bits, never 0, never reused. Shown in hexadecimal.</summary>
public readonly record struct NodeId(ulong Value) : IComparable<NodeId>
{
    /// <summary>No member.</summary>
    public static readonly NodeId None;

    /// <inheritdoc/>
    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);

    /// <summary>As in <c>n1</c>; <c>-</c> for <see cref="None"/>.</summary>
    public override string ToString() => Value == 0 ? "-" : $"n{Value:x}";
}
