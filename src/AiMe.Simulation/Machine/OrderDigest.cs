namespace AiMe.Simulation.Machine;

/// <summary>
/// A 64-bit digest of the order of events: shows that two processes took the same course, and is cheap enough to be
/// always computed.
/// </summary>
/// <remarks>FNV-1a. It is not a checksum; it is only compared between runs of the same build.</remarks>
public sealed class OrderDigest
{
    private const ulong Prime = 0x100000001B3;

    /// <summary>The digest so far.</summary>
    public ulong Value { get; private set; } = 0xCBF29CE484222325;

    /// <summary>Adds a number.</summary>
    public void Add(long number) => Value = (Value ^ (ulong)number) * Prime;

    /// <summary>Adds a name.</summary>
    public void Add(string name)
    {
        var value = Value;
        foreach (var c in name)
            value = (value ^ c) * Prime;
        Value = (value ^ (ulong)name.Length) * Prime;
    }
}
