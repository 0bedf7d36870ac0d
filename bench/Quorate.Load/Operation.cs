namespace Quorate.Load;

internal enum OperationKind : byte
{
    Put,
    Get,
}

/// <summary>One thing to ask of the cluster.</summary>
internal readonly record struct Operation(OperationKind Kind, int Key);
