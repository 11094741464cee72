using AiMe.Faculties;

namespace AiMe.VectorStores.Tests;

public sealed class StoredMemoryTests
{
    private static readonly StoredMemory s_memory = new(
        new InstanceKey("run-1", "aligned-1"),
        new MemoryId("e1"),
        Embedding.From([1, 0, -.5f]),
        "aligned",
        "experience",
        "Q: Who are you? A: I am AiMe.",
        Cycle: 1,
        Round: 1,
        "identity",
        "keep",
        Importance: 5,
        new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        Recallable: true
    );

    [Fact]
    public void A_key_depends_on_run_instance_and_id_alone()
    {
        (s_memory with { Text = "other", Recallable = false }).Key.ShouldBe(s_memory.Key);
        (s_memory with { Id = new MemoryId("e2") }).Key.ShouldNotBe(s_memory.Key);
        (s_memory with { Owner = new InstanceKey("run-1", "aligned-2") }).Key.ShouldNotBe(s_memory.Key);
        (s_memory with { Owner = new InstanceKey("run-2", "aligned-1") }).Key.ShouldNotBe(s_memory.Key);
        s_memory.Key.Version.ShouldBe(8);
    }

    public static TheoryData<StoredMemory> Others { get; } =
    [
        s_memory with
        {
            Owner = new InstanceKey("run-2", "aligned-1"),
        },
        s_memory with
        {
            Id = new MemoryId("e2"),
        },
        s_memory with
        {
            Vector = Embedding.From([1, 0, .5f]),
        },
        s_memory with
        {
            Variant = "other",
        },
        s_memory with
        {
            Kind = "insight",
        },
        s_memory with
        {
            Text = "other",
        },
        s_memory with
        {
            Cycle = 2,
        },
        s_memory with
        {
            Round = 2,
        },
        s_memory with
        {
            Topic = "other",
        },
        s_memory with
        {
            Verdict = "hold",
        },
        s_memory with
        {
            Importance = 6,
        },
        s_memory with
        {
            At = s_memory.At.AddTicks(1),
        },
        s_memory with
        {
            Recallable = false,
        },
    ];

    [Theory, MemberData(nameof(Others))]
    public void A_digest_hears_every_member(StoredMemory other) => other.Digest.ShouldNotBe(s_memory.Digest);

    [Fact]
    public void Equal_records_have_one_digest() =>
        (s_memory with { Text = new string(s_memory.Text.AsSpan()) }).Digest.ShouldBe(s_memory.Digest);
}
