using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiMe.Kernel;

namespace AiMe.Mind;

/// <summary>The JSON of the commands between a supervisor and its instances, which may be on different nodes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(StartRun)), JsonSerializable(typeof(CycleClosed)), JsonSerializable(typeof(CycleWithdrawn)), JsonSerializable(typeof(GaveUp)), JsonSerializable(typeof(ParkInstance))]
[JsonSerializable(typeof(Give)), JsonSerializable(typeof(TakeBack)), JsonSerializable(typeof(JoinFork))]
[JsonSerializable(typeof(SetBudget)), JsonSerializable(typeof(ReserveSpending)), JsonSerializable(typeof(SettleSpending))]
[JsonSerializable(typeof(BeginSelf)), JsonSerializable(typeof(Live)), JsonSerializable(typeof(Withdraw)), JsonSerializable(typeof(CallRound)), JsonSerializable(typeof(CallModel)), JsonSerializable(typeof(TryAgain))]
public sealed partial class CommandJson : JsonSerializerContext;

/// <summary>Which commands go between a supervisor and its instances.</summary>
public static class MindCommands
{
    /// <summary>All of them.</summary>
    public static CommandCatalogue Catalogue { get; } = Describe(new CommandJson(new JsonSerializerOptions(CommandJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    private static CommandCatalogue Describe(CommandJson json) => new(
        typeof(MindCommands).Assembly.GetTypes()
            .Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(Command)))
            .OrderBy(t => t.FullName, StringComparer.Ordinal)
            .Select(json.GetTypeInfo)
            .OfType<System.Text.Json.Serialization.Metadata.JsonTypeInfo>());
}
