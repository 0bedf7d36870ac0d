namespace Quorate.Mvcc;

/// <summary>
/// The replicated table of members: the last committed configuration, as opaque bytes, and what each member has
/// published. Immutable; every change makes a new one.
/// </summary>
public sealed class MemberTable
{
    /// <summary>How many members may ever publish.</summary>
    public const int MembersMax = 1024;

    /// <summary>Nothing known.</summary>
    public static readonly MemberTable Empty = new(0, default, []);

    private readonly MemberAttributes[] _members;

    internal MemberTable(ulong configIndex, ReadOnlyMemory<byte> configBytes, MemberAttributes[] members)
    {
        ConfigIndex = configIndex;
        ConfigBytes = configBytes;
        _members = members;
    }

    /// <summary>The index of the last committed configuration entry; 0 if there was none.</summary>
    public ulong ConfigIndex { get; }

    /// <summary>That entry's payload.</summary>
    public ReadOnlyMemory<byte> ConfigBytes { get; }

    /// <summary>What the members have published, by ascending id.</summary>
    public IReadOnlyList<MemberAttributes> Members => _members;

    /// <summary>What one member has published, or null.</summary>
    public MemberAttributes? Find(ulong id)
    {
        var at = PlaceOf(id);
        return at >= 0 ? _members[at] : null;
    }

    internal MemberTable WithConfig(ulong index, ReadOnlyMemory<byte> bytes) => new(index, bytes, _members);

    /// <summary>The table with one member's attributes replaced or added; false when it is full.</summary>
    internal bool TryPublish(MemberAttributes attributes, out MemberTable table)
    {
        var at = PlaceOf(attributes.Id);
        table = this;
        if (at >= 0)
        {
            var replaced = (MemberAttributes[])_members.Clone();
            replaced[at] = attributes;
            table = new MemberTable(ConfigIndex, ConfigBytes, replaced);
            return true;
        }

        if (_members.Length >= MembersMax)
        {
            return false;
        }

        table = new MemberTable(ConfigIndex, ConfigBytes, [.. _members[..~at], attributes, .. _members[~at..]]);
        return true;
    }

    private int PlaceOf(ulong id)
    {
        var low = 0;
        var high = _members.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_members[middle].Id < id)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < _members.Length && _members[low].Id == id ? low : ~low;
    }
}
