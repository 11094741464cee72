using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties;

/// <summary>
/// Source-generated JSON metadata of every event and every state. Unknown and missing members are errors.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals
)]
[
    JsonSerializable(typeof(SelfBegan)),
    JsonSerializable(typeof(Heard)),
    JsonSerializable(typeof(SelfModelRevised)),
    JsonSerializable(typeof(Prompted))
]
[
    JsonSerializable(typeof(Answered)),
    JsonSerializable(typeof(GenerationFailed)),
    JsonSerializable(typeof(Adopted)),
    JsonSerializable(typeof(Probed))
]
[
    JsonSerializable(typeof(ExperienceGiven)),
    JsonSerializable(typeof(Withdrew)),
    JsonSerializable(typeof(RoundCalled)),
    JsonSerializable(typeof(TriedAgain)),
    JsonSerializable(typeof(Forked)),
    JsonSerializable(typeof(ProbingFailed))
]
[
    JsonSerializable(typeof(MemoryBegan)),
    JsonSerializable(typeof(Recalled)),
    JsonSerializable(typeof(MemorySearchFailed)),
    JsonSerializable(typeof(Stored))
]
[
    JsonSerializable(typeof(InsightStored)),
    JsonSerializable(typeof(Forgot)),
    JsonSerializable(typeof(RoundEnded)),
    JsonSerializable(typeof(BatchDrawn))
]
[
    JsonSerializable(typeof(MemoryChanged)),
    JsonSerializable(typeof(ReflectorChanged)),
    JsonSerializable(typeof(CuratorChanged)),
    JsonSerializable(typeof(TrainerChanged))
]
[
    JsonSerializable(typeof(ReflectorBegan)),
    JsonSerializable(typeof(Reflected)),
    JsonSerializable(typeof(InsightFormed)),
    JsonSerializable(typeof(ReflectorGenerationFailed))
]
[JsonSerializable(typeof(CuratorBegan)), JsonSerializable(typeof(Judged)), JsonSerializable(typeof(CuratorEmbeddingFailed))]
[JsonSerializable(typeof(Rated)), JsonSerializable(typeof(CuratorJudgingFailed))]
[
    JsonSerializable(typeof(TrainerBegan)),
    JsonSerializable(typeof(Sealed)),
    JsonSerializable(typeof(Planned)),
    JsonSerializable(typeof(Skipped))
]
[
    JsonSerializable(typeof(Trained)),
    JsonSerializable(typeof(Failed)),
    JsonSerializable(typeof(Promoted)),
    JsonSerializable(typeof(RolledBack))
]
[JsonSerializable(typeof(ModelCalled)), JsonSerializable(typeof(ModelChanged)), JsonSerializable(typeof(Appointed))]
[JsonSerializable(typeof(PolicyCalled)), JsonSerializable(typeof(PolicyChanged))]
[
    JsonSerializable(typeof(SubmissionIntended)),
    JsonSerializable(typeof(Submitted)),
    JsonSerializable(typeof(SubmissionRefused)),
    JsonSerializable(typeof(SubmissionUnclear))
]
[
    JsonSerializable(typeof(NotSubmitted)),
    JsonSerializable(typeof(AskingFailed)),
    JsonSerializable(typeof(Disowned)),
    JsonSerializable(typeof(LostTrack)),
    JsonSerializable(typeof(GateUnchecked))
]
[
    JsonSerializable(typeof(RunPlanned)),
    JsonSerializable(typeof(ShardPlanned)),
    JsonSerializable(typeof(InstanceAdvanced)),
    JsonSerializable(typeof(InstanceFinished)),
    JsonSerializable(typeof(InstanceParked)),
    JsonSerializable(typeof(InstanceRevived)),
    JsonSerializable(typeof(RunEnded))
]
[
    JsonSerializable(typeof(InputReceived)),
    JsonSerializable(typeof(InputTaken)),
    JsonSerializable(typeof(InputAnswered)),
    JsonSerializable(typeof(InputWithdrawn)),
    JsonSerializable(typeof(InstanceForked)),
    JsonSerializable(typeof(Input))
]
[
    JsonSerializable(typeof(BudgetSet)),
    JsonSerializable(typeof(SpendingReserved)),
    JsonSerializable(typeof(SpendingRefused)),
    JsonSerializable(typeof(SpendingSettled)),
    JsonSerializable(typeof(ParameterLeftOut)),
    JsonSerializable(typeof(ServerIdentified)),
    JsonSerializable(typeof(IndexFailed))
]
[
    JsonSerializable(typeof(HeldReviewed)),
    JsonSerializable(typeof(HeldSettled)),
    JsonSerializable(typeof(ReviewReceived)),
    JsonSerializable(typeof(ReviewsAwaited)),
    JsonSerializable(typeof(ReviewsSettled)),
    JsonSerializable(typeof(ReviewAnswer))
]
[JsonSerializable(typeof(JsonObject))]
[
    JsonSerializable(typeof(SelfState)),
    JsonSerializable(typeof(MemoryState)),
    JsonSerializable(typeof(ReflectorState)),
    JsonSerializable(typeof(CuratorState)),
    JsonSerializable(typeof(TrainerState)),
    JsonSerializable(typeof(SupervisorState))
]
public sealed partial class FacultyJson : JsonSerializerContext
{
    /// <summary>
    /// The same options for the other contexts, with an encoder that escapes only what JSON requires, so that text
    /// stays readable.
    /// </summary>
    internal static JsonSerializerOptions Strictly() => new(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

/// <summary>Catalogue of the events.</summary>
public static class FacultyEvents
{
    /// <summary>The codec of every event of the five faculties and the supervisor.</summary>
    /// <remarks>Text stays readable in the sqlite3 shell.</remarks>
    public static EventCodec Codec { get; } = CodecOf(new FacultyJson(FacultyJson.Strictly()));

    private static EventCodec CodecOf(FacultyJson json) =>
        new(
            json,
            typeof(FacultyEvents).Assembly.GetTypes().Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(Event))),
            Upcasts.All
        );
}

/// <summary>Upcasts of old event formats to the current ones.</summary>
public static class Upcasts
{
    /// <summary>All upcasts.</summary>
    public static IReadOnlyList<Upcast> All { get; } =
    [
        new("supervisor.planned@1", "supervisor.planned@2", WithoutOrigin),
        new("supervisor.forked@1", "supervisor.forked@2", forked => With(forked, root => root["standing"] = null)),
        new("self.forked@1", "self.forked@2", forked => With(forked, root => (root["rests"], root["changed"]) = (true, null))),
    ];

    // The model's origin was not recorded; all such runs used the embedded model.
    private static JsonElement WithoutOrigin(JsonElement planned) => With(planned, root => root["plan"]!.AsObject()["origin"] = null);

    private static JsonElement With(JsonElement old, Action<JsonObject> change)
    {
        var root = JsonObject.Create(old)!;
        change(root);
        return JsonSerializer.SerializeToElement(root, FacultyJson.Default.JsonObject);
    }
}

/// <summary>Logical time as <c>yyyy-MM-dd HH:mm:ss</c>, UTC.</summary>
internal sealed class TimestampJson : JsonConverter<DateTime>
{
    private const string Format = "yyyy-MM-dd HH:mm:ss";

    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DateTime.ParseExact(
            reader.GetString() ?? "",
            Format,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal
        );

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString(Format, CultureInfo.InvariantCulture));
}
