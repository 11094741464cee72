using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AiMe.EventSourcing;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;

namespace AiMe.Faculties;

/// <summary>
/// JSON metadata of model work: the effects that a node may request from another, and the commands that answer them.
/// The options are those of <see cref="FacultyJson.Strictly"/>.
/// </summary>
/// <remarks>
/// Only the types listed here are sent between nodes. A search is not sent, because it contains the whole memory. The
/// batch of a round is not sent, because it needs no model. Jobs are not sent, because the node that journals a job
/// must submit it, at most once.
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
[JsonSerializable(typeof(AskJudge)), JsonSerializable(typeof(JudgeAnswered)), JsonSerializable(typeof(JudgingFailed))]
[JsonSerializable(typeof(TrainModel)), JsonSerializable(typeof(ModelTrained)), JsonSerializable(typeof(TrainingFailed))]
[JsonSerializable(typeof(EvaluateModel)), JsonSerializable(typeof(ModelEvaluated)), JsonSerializable(typeof(JobAskingFailed))]
internal sealed partial class ModelWorkJson : JsonSerializerContext;

/// <summary>Catalogue of the messages between the nodes of a cluster.</summary>
public static class FacultyMessages
{
    /// <summary>The codecs of all these messages.</summary>
    public static Wire All { get; } = WireOf(new ModelWorkJson(FacultyJson.Strictly()));

    private static Wire WireOf(ModelWorkJson work) => new(FacultyCommands.Codec, Of<Effect>(work), Of<Command>(work));

    /// <summary>The codec of the messages of a kind that a context has metadata for.</summary>
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
