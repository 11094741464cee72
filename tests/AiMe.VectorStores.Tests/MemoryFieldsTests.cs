using AiMe.VectorStores.Pinecone;

namespace AiMe.VectorStores.Tests;

public sealed class MemoryFieldsTests
{
    [Fact]
    public void Fields_give_the_memory_back()
    {
        foreach (var memory in Some.Memories(20).Select(m => m with { At = m.At.AddTicks(m.Cycle), Importance = m.Cycle / 3d }))
        {
            var fields = MemoryFields.Of(memory);
            fields.ToMemory(memory.Vector).ShouldBe(memory);
            fields.ToMemory(memory.Vector).Digest.ShouldBe(fields.Digest);
        }
    }

    [Fact]
    public void The_names_of_fields_are_a_stored_format()
    {
        PineconeRecord
            .Of(Some.Memory(1))
            .Json.GetProperty("metadata")
            .GetRawText()
            .ShouldBe(
                $$"""
                {"run":"run-1","instance":"aligned-1","memory":"e1","variant":"aligned","kind":"experience","text":"Q: What is 1? A: A number.",
                "cycle":1,"round":1,"topic":"numbers","verdict":"keep","importance":2,"at":"2026-01-01T01:00:00.0000000Z","atUnix":1767229200,
                "recallable":true,"digest":"{{Some.Memory(1).Digest}}"}
                """.ReplaceLineEndings("")
            );
    }

    [Fact]
    public void Floats_have_the_values_of_the_components_and_zeros_become_an_axis_where_they_must()
    {
        var vector = Some.Vector(8, "any");
        VectorFloats.Of(vector).ShouldBe(vector.Components.Select(c => (float)c));
        VectorFloats.Directed(vector).ShouldBe(VectorFloats.Of(vector));
        VectorFloats.Directed(Faculties.Embedding.Undirected(3)).ShouldBe([1, 0, 0]);
    }

    [Fact]
    public void Batches_keep_the_order_and_both_limits()
    {
        var sizes = Enumerable.Range(1, 40).ToArray();
        var batches = StoreBatches.Of(sizes, mostItems: 5, mostBytes: 60, size => size).ToList();
        batches.SelectMany(b => b).ShouldBe(sizes);
        batches.ShouldAllBe(b => b.Count <= 5 && (b.Count == 1 || b.Sum() <= 60));
        StoreBatches.Of([100, 100], mostItems: 5, mostBytes: 60, size => size).Count().ShouldBe(2);
        StoreBatches.Of(Array.Empty<int>(), 5, 60, size => size).ShouldBeEmpty();
    }
}
