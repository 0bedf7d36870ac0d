using System.Buffers.Binary;
using System.Numerics;

namespace Quorate.Mvcc;

/// <summary>
/// The rolling hash over everything that apply has changed. Each step is a bijection of the hash so far, so two
/// states that once differed stay different while the same entries follow. It finds faults, not forgers.
/// </summary>
internal struct StateHash(ulong value)
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    public ulong Value { get; private set; } = value;

    public void Add(ulong number) => Value = (BitOperations.RotateLeft(Value, 29) ^ number) * Multiplier;

    public void Add(long number) => Add((ulong)number);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add((ulong)bytes.Length);
        var hash = Value;
        while (bytes.Length >= sizeof(ulong))
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            hash = (BitOperations.RotateLeft(hash, 29) ^ word) * Multiplier;
            bytes = bytes[sizeof(ulong)..];
        }

        Value = hash;
        ulong rest = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            rest |= (ulong)bytes[i] << (8 * i);
        }

        Add(rest);
    }

    public unsafe void Add(Record* record)
    {
        Add(record->ModRevision);
        Add(((ulong)record->SubRevision << 1) | (record->IsTombstone ? 1UL : 0));
        Add(record->CreateRevision);
        Add(record->Version);
        Add(record->Lease);
        Add(Record.Key(record));
        Add(Record.Value(record));
    }
}
