using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AiMe.Console.Doctor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Experiments.Schema;

namespace AiMe.Console.Output.Documents;

/// <summary>The JSON Schemas (draft 2020-12) of what commands print with <c>--json</c>.</summary>
/// <remarks>
/// They are generated from the records that are printed; descriptions are the summaries of their members. A schema
/// describes one line of output.
/// </remarks>
internal static class OutputSchema
{
    private const string Suffix = "-output";

    private static readonly ImmutableArray<(string Command, Func<Type[]> Forms)> All =
    [
        ("agreement", () => [typeof(AgreementOutput)]),
        ("compare", () => [typeof(CompareOutput)]),
        ("console", () =>
            [
                typeof(TalkBeginOutput),
                typeof(TurnOutput),
                typeof(WithdrawnTurnOutput),
                typeof(FailedTurnOutput),
                typeof(CommandOutput<CompareReply>),
                typeof(CommandOutput<GoalsReply>),
                typeof(CommandOutput<HelpReply>),
                typeof(CommandOutput<HistoryReply>),
                typeof(CommandOutput<MemoryReply>),
                typeof(CommandOutput<ProbeReply>),
                typeof(CommandOutput<QuitReply>),
                typeof(CommandOutput<RecallReply>),
                typeof(CommandOutput<RewindReply>),
                typeof(CommandOutput<RoundOutput>),
                typeof(CommandOutput<SaveReply>),
                typeof(CommandOutput<SelfReply>),
                typeof(CommandOutput<TextReply>),
                typeof(CommandOutput<WhyReply>),
                typeof(FailedCommandOutput),
                typeof(TalkEndOutput),
                typeof(SavedTurnOutput),
                typeof(SavedNoteOutput),
            ]
        ),
        ("delete", () => [typeof(DeleteOutput)]),
        ("diff", () => [typeof(DiffOutput)]),
        ("doctor", () => [typeof(CheckResult), typeof(CapabilityOutput), typeof(ReleaseOutput)]),
        ("fork", () => [typeof(ForkOutput)]),
        ("gc", () => [typeof(GcOutput)]),
        ("import", () => [typeof(ImportOutput), typeof(ExchangeOutput), typeof(SubmittedOutput)]),
        ("inject", () => [typeof(ExchangeOutput), typeof(SubmittedOutput)]),
        ("list", () => [typeof(ListOutput)]),
        ("meaning", () => [typeof(MeaningOutput)]),
        ("memory", () => [typeof(MemoryAuditOutput), typeof(MemoryVariantOutput), typeof(MemoryMatchOutput)]),
        ("models-list", () => [typeof(PretrainedOutput), typeof(LineageBaseOutput), typeof(CheckpointOutput), typeof(NoCheckpointOutput)]),
        ("models-pretrain", () => [typeof(ModelsPretrainOutput)]),
        ("models-promote", () => [typeof(AppointmentOutput)]),
        ("models-rollback", () => [typeof(AppointmentOutput)]),
        ("models-sample", () => [typeof(ModelsSampleOutput)]),
        ("models-show", () => [typeof(CheckpointPageOutput), typeof(PretrainedPageOutput), typeof(AbsentModelPageOutput)]),
        ("power", () => [typeof(PowerOutput)]),
        ("preregister", () => [typeof(PreregisterOutput)]),
        ("probe", () => [typeof(ProbeOutput)]),
        ("rate", () => [typeof(SignReportOutput)]),
        ("recognition", () => [typeof(RecognitionOutput)]),
        ("recurate", () => [typeof(RecurateOutput)]),
        ("replay", () => [typeof(ReplayEventOutput), typeof(ReplayStateOutput)]),
        ("replicate", () => [typeof(ReplicateOutput), typeof(ReplicationListOutput)]),
        ("retry", () => [typeof(RetryOutput)]),
        ("review", () => [typeof(HeldOutput), typeof(ReviewReceiptOutput)]),
        ("run", () => [typeof(RunOutput), typeof(PausedOutput), typeof(InReviewOutput), typeof(DryRunOutput)]),
        ("show", () => [typeof(ShowInstanceOutput), typeof(ShowRunOutput)]),
        ("simulate", () => [typeof(SimulateOutput)]),
        ("status", () => [typeof(StatusOutput)]),
        ("validate", () => [typeof(ValidateOutput)]),
        ("verify", () => [typeof(VerifyOutput)]),
    ];

    /// <summary>Such as <c>compare-output</c>.</summary>
    public static ImmutableArray<string> Names { get; } = [.. All.Select(c => c.Command + Suffix)];

    /// <summary>The text of a schema, as <c>config/schema/compare-output.json</c> has it.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static string Text(string name)
    {
        var (command, forms) = All.Single(c => c.Command + Suffix == name);
        var summaries = new MemberSummaries();
        JsonObject[] documents = [.. forms().Select(f => Document(f, summaries))];
        return SchemaText.Of(
            name,
            $"A line of `aime {command.Replace('-', ' ')} --json`",
            documents is [var only] ? only : new() { ["anyOf"] = new JsonArray([.. documents]) }
        );
    }

    private static JsonObject Document(Type form, MemberSummaries summaries)
    {
        var schema = OutputContract
            .Options.GetJsonSchemaAsNode(
                form,
                new()
                {
                    TreatNullObliviousAsNonNullable = true,
                    TransformSchemaNode = (context, node) => Completed(context, node as JsonObject ?? [], summaries),
                }
            )
            .AsObject();
        schema["properties"]!
            .AsObject()
            .Insert(0, "schemaVersion", Described(new() { ["const"] = OutputDocument.Version }, "Version of the form of all documents."));
        schema["required"]!.AsArray().Insert(0, "schemaVersion");
        return schema;
    }

    private static JsonObject Completed(JsonSchemaExporterContext context, JsonObject exported, MemberSummaries summaries)
    {
        var (type, member) = (context.TypeInfo.Type, context.PropertyInfo?.AttributeProvider as PropertyInfo);
        if (member is { Name: "Is", CanWrite: false, DeclaringType: { } kind }) // the same in every document of its form
        {
            var word = (string)member.GetValue(RuntimeHelpers.GetUninitializedObject(kind))!;
            return Described(new() { ["const"] = word }, "Kind of the line.");
        }

        if (
            context.PropertyInfo is { AttributeProvider: null } figure
            && Measure.All.FirstOrDefault(m => m.Key == figure.Name) is { } measure
        )
            return Described(Figure(measure.Least, measure.Most), measure.Meaning);
        var schema =
            type == typeof(double?) ? Figure()
            // the exporter writes it once, and references to that
            : type == typeof(IReadOnlyList<double?>) ? new() { ["type"] = "array", ["items"] = Figure() }
            : exported;
        if (schema["properties"] is not null)
        {
            schema["required"] = new JsonArray([.. context.TypeInfo.Properties.Where(IsAlwaysPresent).Select(p => (JsonNode)p.Name)]);
            schema["additionalProperties"] = false;
        }

        return Described(schema, member is null ? summaries.Of(type) : summaries.Of(member));
    }

    private static bool IsAlwaysPresent(JsonPropertyInfo property) =>
        property.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), inherit: false) != true;

    private static JsonObject Figure(double least = double.NegativeInfinity, double most = double.PositiveInfinity)
    {
        var figure = new JsonObject { ["type"] = new JsonArray("number", "null") };
        if (double.IsFinite(least))
            figure["minimum"] = least;
        if (double.IsFinite(most))
            figure["maximum"] = most;
        return figure;
    }

    private static JsonObject Described(JsonObject schema, string? summary)
    {
        if (summary is not null)
            schema.Insert(0, "description", summary);
        return schema;
    }
}
