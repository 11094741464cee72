using System.Text.Json.Serialization;
using AiMe.EventSourcing;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;

namespace AiMe.Faculties;

/// <summary>
/// JSON metadata of the commands between a supervisor and its instances, which may be on different nodes. The options
/// are those of <see cref="FacultyJson.Strictly"/>.
/// </summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[
    JsonSerializable(typeof(StartRun)),
    JsonSerializable(typeof(CycleClosed)),
    JsonSerializable(typeof(CycleWithdrawn)),
    JsonSerializable(typeof(GaveUp)),
    JsonSerializable(typeof(ParkInstance))
]
[JsonSerializable(typeof(Give)), JsonSerializable(typeof(TakeBack)), JsonSerializable(typeof(JoinFork))]
[JsonSerializable(typeof(SetBudget)), JsonSerializable(typeof(ReserveSpending)), JsonSerializable(typeof(SettleSpending))]
[JsonSerializable(typeof(LeaveOutParameter)), JsonSerializable(typeof(IdentifyServer)), JsonSerializable(typeof(NoteIndexFailures))]
[JsonSerializable(typeof(GiveReview)), JsonSerializable(typeof(AwaitReviews)), JsonSerializable(typeof(SettleReviews))]
[
    JsonSerializable(typeof(BeginSelf)),
    JsonSerializable(typeof(Live)),
    JsonSerializable(typeof(Withdraw)),
    JsonSerializable(typeof(CallRound)),
    JsonSerializable(typeof(CallModel)),
    JsonSerializable(typeof(CallPolicy)),
    JsonSerializable(typeof(TryAgain))
]
internal sealed partial class CommandJson : JsonSerializerContext;

/// <summary>Catalogue of the commands between a supervisor and its instances.</summary>
public static class FacultyCommands
{
    /// <summary>The codec of all these commands.</summary>
    public static MessageCodec<Command> Codec { get; } = FacultyMessages.Of<Command>(new CommandJson(FacultyJson.Strictly()));
}
