using System.Text.Json.Serialization;
using AiMe.Faculties.Self;
using AiMe.Lab.Analysis.Lineage;

namespace AiMe.Console.Output.Documents;

/// <summary>A base model of a store.</summary>
/// <param name="Id">SHA-256 of its weights.</param>
/// <param name="Name">Name of its directory.</param>
/// <param name="Preset"><c>tiny</c>, <c>small</c> or <c>base</c>.</param>
/// <param name="Parameters">Number of trainable parameters.</param>
/// <param name="Loss">Cross-entropy at the end of its training, nats per token.</param>
/// <param name="Bytes">Size of its weights.</param>
internal sealed record PretrainedOutput(string Id, string Name, string Preset, int Parameters, double? Loss, long Bytes) : OutputDocument
{
    [JsonPropertyOrder(-1)]
    public string Is => "base-model";

    public static PretrainedOutput Of(PretrainedModel m) => new(m.Id, m.Name, m.Preset, m.Parameters, m.Loss, m.Bytes);
}

/// <summary>The model of generation 0 of an instance.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Round">0.</param>
/// <param name="Id">Id of the model.</param>
/// <param name="Champion">Whether it is the current model.</param>
internal sealed record LineageBaseOutput(string Run, string Instance, int Round, string Id, bool Champion) : OutputDocument
{
    [JsonPropertyOrder(-1)]
    public string Is => "base";
}

/// <summary>A trained model.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Round">From 1.</param>
/// <param name="Id">Id of the model.</param>
/// <param name="Parent">The model that the training started from.</param>
/// <param name="Method"><c>full</c>, <c>lora</c>, <c>dpo</c>, or <c>job</c> for an external trainer.</param>
/// <param name="Examples">Number of examples or pairs.</param>
/// <param name="OfPairs">Whether preferences were trained.</param>
/// <param name="FirstLoss">
/// Mean loss of the first tenth of the steps, nats per token or pair; null if not reported.
/// </param>
/// <param name="LastLoss">Mean loss of the last tenth of the steps.</param>
/// <param name="HeldOutBefore">Held-out cross-entropy of generation 0, nats per token; null if not measured.</param>
/// <param name="HeldOut">The same for this model.</param>
/// <param name="Drift">Bare identity drift from generation 0, bits in [0, 1].</param>
/// <param name="Outcome">Candidate while it is being measured.</param>
/// <param name="Reasons">The gate's objections, the bounds that it could not check, or the failure.</param>
/// <param name="Champion">Whether it is the current model.</param>
internal sealed record CheckpointOutput(
    string Run,
    string Instance,
    int Round,
    string Id,
    string Parent,
    string Method,
    int Examples,
    bool OfPairs,
    double? FirstLoss,
    double? LastLoss,
    double? HeldOutBefore,
    double? HeldOut,
    double? Drift,
    CheckpointFate Outcome,
    IReadOnlyList<string> Reasons,
    bool Champion
) : OutputDocument
{
    [JsonPropertyOrder(-1)]
    public string Is => "checkpoint";

    public static CheckpointOutput Of(InstanceLineage instance, Checkpoint c) =>
        new(
            instance.Run,
            c.Instance,
            c.Round,
            c.Id.Value,
            c.Parent.Value,
            c.Method,
            c.Figures.Examples,
            c.Figures.OfPairs,
            c.Figures.FirstLoss,
            c.Figures.LastLoss,
            c.Gate?.HeldOutBase,
            c.Gate?.HeldOut,
            c.Gate?.Drift,
            c.Fate,
            c.Reasons,
            instance.Champion == c.Id
        );
}

/// <summary>A round without a checkpoint.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Round">From 1.</param>
/// <param name="Outcome">Untrained or failed.</param>
/// <param name="Why">Why there is none.</param>
internal sealed record NoCheckpointOutput(string Run, string Instance, int Round, RoundOutcome Outcome, string Why) : OutputDocument
{
    [JsonPropertyOrder(-1)]
    public string Is => "no-checkpoint";
}

/// <summary>The lines of <c>models list</c>.</summary>
internal static class ModelsListOutput
{
    /// <summary>Base models, then each instance with its checkpoints and the rounds without one.</summary>
    public static IEnumerable<OutputDocument> Of(IEnumerable<PretrainedModel> models, IEnumerable<InstanceLineage> instances) =>
        models.Select(PretrainedOutput.Of).Concat<OutputDocument>(instances.SelectMany(Of));

    private static IEnumerable<OutputDocument> Of(InstanceLineage i) =>
        [
            new LineageBaseOutput(i.Run, i.Instance, Round: 0, i.Base.Value, i.Champion == i.Base),
            .. i.Checkpoints.Select(c => CheckpointOutput.Of(i, c)),
            .. i.Without.Select(w => new NoCheckpointOutput(i.Run, i.Instance, w.Round, w.Outcome, w.Why)),
        ];
}
