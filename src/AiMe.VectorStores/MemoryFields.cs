using System.Globalization;
using System.Text.Json.Serialization;
using AiMe.Faculties;

namespace AiMe.VectorStores;

/// <summary>
/// A memory's metadata as every store names it, so that one question can be put to each of them. In JSON the names are in camel case.
/// </summary>
/// <param name="Memory">The memory's id in its instance.</param>
/// <param name="At">Logical time, UTC, in ISO 8601 with seven decimals, for stores that know dates.</param>
/// <param name="AtUnix">The same in whole seconds since 1970, for stores that compare numbers only.</param>
/// <param name="Digest">Of the whole record, as <see cref="StoredMemory.Digest"/> gives it.</param>
/// <remarks>A name is part of a stored format: it is never changed.</remarks>
public sealed record MemoryFields(
    string Run,
    string Instance,
    string Memory,
    string Variant,
    string Kind,
    string Text,
    int Cycle,
    int Round,
    string Topic,
    string Verdict,
    double Importance,
    string At,
    long AtUnix,
    bool Recallable,
    string Digest
)
{
    /// <summary>Whether <see cref="Text"/> is the beginning of a longer one, because the store limits a record's size.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TextCut { get; init; }

    /// <summary>The fields of a memory.</summary>
    public static MemoryFields Of(StoredMemory memory) =>
        new(
            memory.Owner.Run,
            memory.Owner.Instance,
            memory.Id.Value,
            memory.Variant,
            memory.Kind,
            memory.Text,
            memory.Cycle,
            memory.Round,
            memory.Topic,
            memory.Verdict,
            memory.Importance,
            memory.At.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture),
            new DateTimeOffset(DateTime.SpecifyKind(memory.At, DateTimeKind.Utc)).ToUnixTimeSeconds(),
            memory.Recallable,
            memory.Digest
        );

    /// <summary>The memory of these fields.</summary>
    /// <exception cref="FormatException"><see cref="At"/> is no time in ISO 8601.</exception>
    public StoredMemory ToMemory(Embedding vector) =>
        new(
            new InstanceKey(Run, Instance),
            new MemoryId(Memory),
            vector,
            Variant,
            Kind,
            Text,
            Cycle,
            Round,
            Topic,
            Verdict,
            Importance,
            DateTime.Parse(At, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal),
            Recallable
        );
}
