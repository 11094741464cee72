using System.Text.Json.Serialization;
using AiMe.Console.Doctor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Declared;
using AiMe.Lab.Analysis.Diff;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Lab.Analysis.Memories;
using AiMe.Lab.Analysis.Power;
using AiMe.Lab.Analysis.Predictions;
using AiMe.Lab.Analysis.Recognition;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.History;
using AiMe.Lab.Runs.Reviews;
using AiMe.Metrics.Statistics;

namespace AiMe.Console.Output.Documents;

/// <summary>Source-generated JSON metadata of every document that <c>--json</c> prints.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    Converters = [
        typeof(FigureJson),
        typeof(EnumWords<CallKind>),
        typeof(EnumWords<CheckpointFate>),
        typeof(EnumWords<EditKind>),
        typeof(EnumWords<ForecastStatus>),
        typeof(EnumWords<Health>),
        typeof(EnumWords<JunkKind>),
        typeof(EnumWords<MeasurementLevel>),
        typeof(EnumWords<RecognitionReference>),
        typeof(EnumWords<ReviewReceipt>),
        typeof(EnumWords<RunState>),
        typeof(EnumWords<Severity>),
        typeof(EnumWords<TestMethod>),
        typeof(EnumWords<TestVerdict>),
        typeof(EnumWords<PredictionVerdict>),
        typeof(EnumWords<Weighting>),
    ]
)]
[
    JsonSerializable(typeof(AbsentModelPageOutput)),
    JsonSerializable(typeof(AgreementOutput)),
    JsonSerializable(typeof(ReplicateOutput)),
    JsonSerializable(typeof(ReplicationListOutput)),
    JsonSerializable(typeof(AppointmentOutput)),
    JsonSerializable(typeof(PretrainedPageOutput)),
    JsonSerializable(typeof(CheckpointPageOutput)),
    JsonSerializable(typeof(CheckResult)),
    JsonSerializable(typeof(CapabilityOutput)),
    JsonSerializable(typeof(CompareOutput)),
    JsonSerializable(typeof(DeleteOutput)),
    JsonSerializable(typeof(DiffOutput)),
    JsonSerializable(typeof(DryRunOutput)),
    JsonSerializable(typeof(ForkOutput)),
    JsonSerializable(typeof(GcOutput)),
    JsonSerializable(typeof(HeldOutput)),
    JsonSerializable(typeof(ImportOutput)),
    JsonSerializable(typeof(InReviewOutput)),
    JsonSerializable(typeof(LineageBaseOutput)),
    JsonSerializable(typeof(ListOutput)),
    JsonSerializable(typeof(ModelsPretrainOutput)),
    JsonSerializable(typeof(ModelsSampleOutput)),
    JsonSerializable(typeof(MeaningOutput)),
    JsonSerializable(typeof(MemoryAuditOutput)),
    JsonSerializable(typeof(MemoryMatchOutput)),
    JsonSerializable(typeof(MemoryVariantOutput)),
    JsonSerializable(typeof(NoCheckpointOutput)),
    JsonSerializable(typeof(PausedOutput)),
    JsonSerializable(typeof(PowerOutput)),
    JsonSerializable(typeof(PreregisterOutput)),
    JsonSerializable(typeof(ProbeOutput)),
    JsonSerializable(typeof(RecognitionOutput)),
    JsonSerializable(typeof(RecurateOutput)),
    JsonSerializable(typeof(ReleaseOutput)),
    JsonSerializable(typeof(ReplayEventOutput)),
    JsonSerializable(typeof(ReplayStateOutput)),
    JsonSerializable(typeof(RetryOutput)),
    JsonSerializable(typeof(ReviewReceiptOutput)),
    JsonSerializable(typeof(RunOutput)),
    JsonSerializable(typeof(ShowInstanceOutput)),
    JsonSerializable(typeof(ShowRunOutput)),
    JsonSerializable(typeof(SignReportOutput)),
    JsonSerializable(typeof(SimulateOutput)),
    JsonSerializable(typeof(StatusOutput)),
    JsonSerializable(typeof(SubmittedOutput)),
    JsonSerializable(typeof(ValidateOutput)),
    JsonSerializable(typeof(VerifyOutput))
]
[
    JsonSerializable(typeof(TalkBeginOutput)),
    JsonSerializable(typeof(TalkEndOutput)),
    JsonSerializable(typeof(TurnOutput)),
    JsonSerializable(typeof(WithdrawnTurnOutput)),
    JsonSerializable(typeof(FailedTurnOutput)),
    JsonSerializable(typeof(FailedCommandOutput)),
    JsonSerializable(typeof(SavedTurnOutput)),
    JsonSerializable(typeof(SavedNoteOutput)),
    JsonSerializable(typeof(CommandOutput<CompareReply>)),
    JsonSerializable(typeof(CommandOutput<GoalsReply>)),
    JsonSerializable(typeof(CommandOutput<HelpReply>)),
    JsonSerializable(typeof(CommandOutput<HistoryReply>)),
    JsonSerializable(typeof(CommandOutput<MemoryReply>)),
    JsonSerializable(typeof(CommandOutput<ProbeReply>)),
    JsonSerializable(typeof(CommandOutput<QuitReply>)),
    JsonSerializable(typeof(CommandOutput<RecallReply>)),
    JsonSerializable(typeof(CommandOutput<RewindReply>)),
    JsonSerializable(typeof(CommandOutput<RoundOutput>)),
    JsonSerializable(typeof(CommandOutput<SaveReply>)),
    JsonSerializable(typeof(CommandOutput<SelfReply>)),
    JsonSerializable(typeof(CommandOutput<TextReply>)),
    JsonSerializable(typeof(CommandOutput<WhyReply>))
]
internal sealed partial class OutputJson : JsonSerializerContext;
