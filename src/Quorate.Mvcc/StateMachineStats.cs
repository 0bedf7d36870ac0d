namespace Quorate.Mvcc;

/// <summary>How large the state is, as of one published root.</summary>
public sealed record StateMachineStats
{
    /// <summary>Keys that exist.</summary>
    public required long Keys { get; init; }

    /// <summary>Keys in the index: those that exist and those whose delete is still remembered.</summary>
    public required long IndexedKeys { get; init; }

    /// <summary>Bytes of the newest versions of the keys that exist.</summary>
    public required long LiveBytes { get; init; }

    /// <summary>Bytes of all records kept, history and what compaction has not rewritten yet included.</summary>
    public required long RecordBytes { get; init; }

    /// <summary>Native memory held for records.</summary>
    public required long RecordBytesAllocated { get; init; }

    /// <summary>Native memory held for the index, retired nodes included.</summary>
    public required long IndexBytes { get; init; }

    /// <summary>Index nodes that no longer belong to the newest root and wait for readers.</summary>
    public required long RetiredNodes { get; init; }

    /// <summary>Record chunks that were rewritten and wait for readers.</summary>
    public required long RetiredChunks { get; init; }

    /// <summary>All native memory held.</summary>
    public long NativeBytes => RecordBytesAllocated + IndexBytes;
}
