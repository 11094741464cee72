using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using AiMe.Faculties;

namespace AiMe.VectorStores;

/// <summary>A memory as a store keeps it: its vector and what people may ask for.</summary>
/// <param name="Id">Unique in the instance.</param>
/// <param name="Vector">The instance's own rounded components; a store keeps them as floats of the same values.</param>
/// <param name="Kind"><c>experience</c> or <c>insight</c>.</param>
/// <param name="Text">The text as it appears in a prompt when it is recalled.</param>
/// <param name="Cycle">The cycle that it was stored in, from 1.</param>
/// <param name="Round">The round that it was stored in, from 1.</param>
/// <param name="Topic">The topic of its stimulus; empty for an insight.</param>
/// <param name="Verdict"><c>keep</c>, <c>reject</c> or <c>hold</c>; empty for an insight.</param>
/// <param name="Importance">1 to 10.</param>
/// <param name="At">Logical time of its storage, UTC.</param>
/// <param name="Recallable">Whether a search may find it: false for rejected and forgotten ones.</param>
public sealed record StoredMemory(
    InstanceKey Owner,
    MemoryId Id,
    Embedding Vector,
    string Variant,
    string Kind,
    string Text,
    int Cycle,
    int Round,
    string Topic,
    string Verdict,
    double Importance,
    DateTime At,
    bool Recallable
)
{
    /// <summary>A key that is unique in the store: a UUID (version 8) from the SHA-256 of run, instance and memory id.</summary>
    public static Guid KeyOf(InstanceKey owner, MemoryId id)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{owner.Run}\n{owner.Instance}\n{id.Value}")).AsSpan(0, 16);
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x80);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The store's key of this memory.</summary>
    public Guid Key => KeyOf(Owner, Id);

    /// <summary>Sixteen hexadecimal digits over everything in the record: two equal records have one digest.</summary>
    public string Digest
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var part in (string[])[Owner.Run, Owner.Instance, Id.Value, Variant, Kind, Text, Topic, Verdict])
            {
                var bytes = Encoding.UTF8.GetBytes(part);
                AddNumber(hash, bytes.Length);
                hash.AppendData(bytes);
            }

            AddNumber(hash, Cycle);
            AddNumber(hash, Round);
            AddNumber(hash, BitConverter.DoubleToInt64Bits(Importance));
            AddNumber(hash, At.Ticks);
            AddNumber(hash, Recallable ? 1 : 0);
            hash.AppendData(MemoryMarshal.AsBytes(Vector.Components.AsSpan()));
            return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
        }
    }

    private static void AddNumber(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
