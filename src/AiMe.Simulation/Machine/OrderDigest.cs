namespace AiMe.Simulation.Machine;

/// <summary>
/// A digest of an order in which things happened, of 64 bits: enough to see that two processes went the same way, and
/// cheap enough to be kept always.
/// </summary>
/// <remarks>
/// FNV-1a over what is added. It is no checksum: nothing but another run of the same build is compared with it.
/// </remarks>
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
