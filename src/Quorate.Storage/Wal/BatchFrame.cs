namespace Quorate.Storage;

internal static class BatchFrame
{
    public const int Alignment = 512;
}

internal sealed class FramePlan
{
    public SlotWrite? Slot { get; init; }
}

internal sealed class SlotWrite
{
    public void Run() => throw new NotSupportedException();
}
