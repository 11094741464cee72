namespace AiMe.Nano.Kernels;

/// <summary>Pinned floats that start on a cache line, so that a load of 16 lanes never crosses two lines.</summary>
internal sealed unsafe class Block
{
    private readonly float[] _array; // pinned; kept alive by this object

    public Block(long length)
    {
        Length = length;
        _array = GC.AllocateUninitializedArray<float>(checked((int)length + 32), pinned: true);
        var address = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _array[0]);
        Start = (float*)((address + 63) & ~63);
        Span.Clear();
    }

    public float* Start { get; }

    public long Length { get; }

    public Span<float> Span => new(Start, (int)Length);

    /// <summary>A block of at least that length: the given one, or a new one half as large again.</summary>
    public static Block AtLeast(Block? block, long length) =>
        block is not null && block.Length >= length ? block : new Block(block is null ? length : Math.Max(length, block.Length * 3 / 2));
}
