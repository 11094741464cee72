using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AiMe.EventSourcing;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties;

/// <summary>
/// The JSON of model work: of the effects that a node may ask of another, and of the commands that answer them. What is
/// listed here travels, and nothing else does. Its options are those of <see cref="FacultyJson.Strictly"/>.
/// </summary>
/// <remarks>
/// A search stays, since its memory is whole in it; so does the batch of a round, which is no work; and so do jobs,
/// which are submitted at most once by whoever journals them.
/// </remarks>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[
    JsonSerializable(typeof(GenerateAnswer)),
    JsonSerializable(typeof(AppraiseAnswer)),
    JsonSerializable(typeof(AnswerGenerated)),
    JsonSerializable(typeof(AnswerFailed))
]
[JsonSerializable(typeof(AskProbes)), JsonSerializable(typeof(ProbesAnswered)), JsonSerializable(typeof(ProbesFailed))]
[JsonSerializable(typeof(GenerateReflection)), JsonSerializable(typeof(ReflectionGenerated)), JsonSerializable(typeof(ReflectionFailed))]
[JsonSerializable(typeof(GenerateInsight)), JsonSerializable(typeof(InsightGenerated)), JsonSerializable(typeof(InsightFailed))]
[JsonSerializable(typeof(EmbedExperience)), JsonSerializable(typeof(ExperienceEmbedded)), JsonSerializable(typeof(EmbeddingFailed))]
[JsonSerializable(typeof(TrainModel)), JsonSerializable(typeof(ModelTrained)), JsonSerializable(typeof(TrainingFailed))]
[JsonSerializable(typeof(EvaluateModel)), JsonSerializable(typeof(ModelEvaluated)), JsonSerializable(typeof(JobAskingFailed))]
internal sealed partial class ModelWorkJson : JsonSerializerContext;

/// <summary>What goes between the nodes of a cluster.</summary>
public static class FacultyMessages
{
    /// <summary>All of it.</summary>
    public static Wire All { get; } = Describe(new ModelWorkJson(FacultyJson.Strictly()));

    private static Wire Describe(ModelWorkJson work) => new(FacultyCommands.Codec, Of<Effect>(work), Of<Command>(work));

    /// <summary>Those of a kind that a context describes.</summary>
    internal static MessageCodec<T> Of<T>(JsonSerializerContext json)
        where T : class =>
        new(
            typeof(FacultyMessages)
                .Assembly.GetTypes()
                .Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(T)))
                .OrderBy(t => t.FullName, StringComparer.Ordinal)
                .Select(json.GetTypeInfo)
                .OfType<JsonTypeInfo>()
        );
}
