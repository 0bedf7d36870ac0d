using System.Text;

namespace Quorate.Mvcc;

/// <summary>One version of one key. Its bytes are a copy, so it outlives the view or batch it came from.</summary>
public readonly struct KeyValue
{
    /// <summary>The key.</summary>
    public ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>The value; empty where only keys were asked for.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>The revision in which this life of the key began.</summary>
    public Revision CreateRevision { get; init; }

    /// <summary>The revision of this version.</summary>
    public Revision ModRevision { get; init; }

    /// <summary>1 at creation, one more with each put; begins anew after a delete.</summary>
    public long Version { get; init; }

    /// <summary>The lease the key hangs on; 0 is none.</summary>
    public long Lease { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Encoding.UTF8.GetString(Key.Span)} v{Version} created={CreateRevision} mod={ModRevision} {Value.Length} B";
}
