using AiMe.EventSourcing;
using AiMe.Faculties;

namespace AiMe.VectorStores.Tests;

/// <summary>Memories for tests, from a seed.</summary>
internal static class Some
{
    public static readonly Seed Seed = new(20_261_201);

    public static readonly InstanceKey Instance = new("run-1", "aligned-1");

    /// <summary>A memory of an instance with a random vector.</summary>
    /// <param name="index">From 1: its id is <c>e</c> and this number, and it is of this cycle.</param>
    public static StoredMemory Memory(int index, InstanceKey? owner = null, int dimensions = 16) =>
        new(
            owner ?? Instance,
            new MemoryId($"e{index}"),
            Vector(dimensions, $"memory-{index}"),
            "aligned",
            index % 7 == 0 ? "insight" : "experience",
            $"Q: What is {index}? A: A number.",
            index,
            (index - 1) / 10 + 1,
            index % 7 == 0 ? "" : "numbers",
            index % 7 == 0 ? "" : "keep",
            Importance: 1 + index % 10,
            new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(index),
            Recallable: true
        );

    public static StoredMemory[] Memories(int count, InstanceKey? owner = null, int dimensions = 16) =>
        [.. Enumerable.Range(1, count).Select(i => Memory(i, owner, dimensions))];

    /// <summary>A random direction, rounded as an embedder's is.</summary>
    public static Embedding Vector(int dimensions, string name)
    {
        var floats = new float[dimensions];
        var seed = Seed.Derive("vector", name);
        for (var i = 0; i < dimensions; i++)
            floats[i] = (sbyte)(byte)(seed.Derive(i / 8).Value >> (i % 8 * 8));
        return Embedding.From(floats);
    }
}
