using System.Text.Json.Serialization;
using AiMe.Kernel;

namespace AiMe.Mind;

/// <summary>The JSON of the commands between a supervisor and its instances, which may be on different nodes. Its options are those of <see cref="MindJson.Strictly"/>.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(StartRun)), JsonSerializable(typeof(CycleClosed)), JsonSerializable(typeof(CycleWithdrawn)), JsonSerializable(typeof(GaveUp)), JsonSerializable(typeof(ParkInstance))]
[JsonSerializable(typeof(Give)), JsonSerializable(typeof(TakeBack)), JsonSerializable(typeof(JoinFork))]
[JsonSerializable(typeof(SetBudget)), JsonSerializable(typeof(ReserveSpending)), JsonSerializable(typeof(SettleSpending))]
[JsonSerializable(typeof(BeginSelf)), JsonSerializable(typeof(Live)), JsonSerializable(typeof(Withdraw)), JsonSerializable(typeof(CallRound)), JsonSerializable(typeof(CallModel)), JsonSerializable(typeof(TryAgain))]
internal sealed partial class CommandJson : JsonSerializerContext;

/// <summary>Which commands go between a supervisor and its instances.</summary>
public static class MindCommands
{
    /// <summary>All of them.</summary>
    public static WireCatalogue<Command> Catalogue { get; } = MindWire.Of<Command>(new CommandJson(MindJson.Strictly()));
}
