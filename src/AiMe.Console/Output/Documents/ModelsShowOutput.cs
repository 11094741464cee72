using System.Text.Json.Serialization;
using AiMe.Console.Output.Models;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Lineage;

namespace AiMe.Console.Output.Documents;

/// <summary>What a store knows of any model.</summary>
/// <param name="BlobBytes">Size of its blob; null if there is none in this store.</param>
/// <param name="SpeaksFor">The instances whose current model it is.</param>
internal sealed record ModelUse(long? BlobBytes, IReadOnlyList<string> SpeaksFor);

/// <summary>The page of a base model of the store.</summary>
/// <param name="Model">As <c>models list</c> prints it.</param>
/// <param name="Run">A run whose generation 0 it is, or null.</param>
/// <param name="Use">Its blob and its instances.</param>
internal sealed record PretrainedPageOutput([property: Flattened] PretrainedOutput Model, string? Run, [property: Flattened] ModelUse Use)
    : OutputDocument;

/// <summary>The page of a base model that the store does not have, such as a hosted one.</summary>
/// <param name="Id">Id of the model.</param>
/// <param name="Run">A run whose generation 0 it is, or null.</param>
/// <param name="Use">Its blob and its instances.</param>
internal sealed record AbsentModelPageOutput(string Id, string? Run, [property: Flattened] ModelUse Use) : OutputDocument;

/// <summary>The page of a trained model.</summary>
/// <param name="Checkpoint">As <c>models list</c> prints it.</param>
/// <param name="Dataset">The parts of its training set.</param>
/// <param name="Epochs">Epochs of the training; null if it had a budget.</param>
/// <param name="Budget">Budget of the training; absent if it had epochs.</param>
/// <param name="LearningRate">Learning rate of the training.</param>
/// <param name="Seed">Seed of the training.</param>
/// <param name="Rank">Of an adapter; null without one.</param>
/// <param name="Alpha">Of an adapter; null without one.</param>
/// <param name="Beta">Of preference training; null without it.</param>
/// <param name="Passes">
/// Examples or pairs over all steps, each counted as often as it was trained on; null if unknown.
/// </param>
/// <param name="Tokens">Over all steps; null if an external trainer does not report it.</param>
/// <param name="Steps">Optimiser steps; null if an external trainer does not report it.</param>
/// <param name="AnchorBefore">
/// Cross-entropy of generation 0 on anchor text, nats per token; null if not measured.
/// </param>
/// <param name="AnchorAfter">The same for this model.</param>
/// <param name="Repeats">Rate of repeated 4-grams in its samples, in [0, 1].</param>
/// <param name="Use">Its blob and its instances.</param>
internal sealed record CheckpointPageOutput(
    [property: Flattened] CheckpointOutput Checkpoint,
    IReadOnlyList<DatasetPartOutput> Dataset,
    int? Epochs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TrainingBudgetOutput? Budget,
    double LearningRate,
    string Seed,
    double? Rank,
    double? Alpha,
    double? Beta,
    long? Passes,
    long? Tokens,
    long? Steps,
    double? AnchorBefore,
    double? AnchorAfter,
    double? Repeats,
    [property: Flattened] ModelUse Use
) : OutputDocument
{
    public static CheckpointPageOutput Of(InstanceLineage instance, Checkpoint c, ModelUse use)
    {
        var (lora, dpo) = (c.Plan.Method as TrainingMethod.Lora, c.Plan.Method as TrainingMethod.Dpo);
        return new(
            CheckpointOutput.Of(instance, c),
            [.. c.Parts.Select(p => new DatasetPartOutput(p.Sha256, p.IsAnchor ? "anchor" : "kept", p.Round, p.Examples))],
            c.Plan.Budget is null ? c.Plan.Epochs : null,
            c.Plan.Budget is { } budget ? new(budget.Unit, budget.Amount) : null,
            c.Plan.LearningRate,
            c.Plan.Seed.ToString(),
            lora?.Rank ?? dpo?.Rank,
            lora?.Alpha ?? dpo?.Alpha,
            dpo?.Beta,
            c.Figures.PassesUnder(c.Plan),
            Told(c.Figures.Tokens),
            Told(c.Figures.Steps),
            c.Gate?.AnchorBase,
            c.Gate?.Anchor,
            c.Gate?.Repeats,
            use
        );
    }

    private static long? Told(long count) => count == TrainingFigures.NotTold ? null : count;
}

/// <summary>The fixed length of a training.</summary>
/// <param name="Unit">What is counted.</param>
/// <param name="Amount">From 1.</param>
internal sealed record TrainingBudgetOutput(BudgetUnit Unit, long Amount);

/// <summary>A part of a training set.</summary>
/// <param name="Sha256">Digest of its JSON Lines.</param>
/// <param name="Is"><c>kept</c> for experiences of the instance, <c>anchor</c> for text of the corpus.</param>
/// <param name="Round">The round that was sealed with it.</param>
/// <param name="Examples">Number of examples.</param>
internal sealed record DatasetPartOutput(string Sha256, string Is, int Round, int Examples);

/// <summary>The page of <c>models show</c>.</summary>
internal static class ModelsShowOutput
{
    public static OutputDocument Of(ModelPage page)
    {
        var (target, id) = (page.Target, page.Target.Id);
        var use = new ModelUse(page.Bytes, [.. target.Instances.Where(i => i.Champion == id).Select(i => i.Instance)]);
        var run = target.Run?.Plan!.Run;
        return target switch
        {
            { Made: { } made } => CheckpointPageOutput.Of(target.Instances.First(i => i.Instance == made.Instance), made, use),
            { Pretrained: { } model } => new PretrainedPageOutput(PretrainedOutput.Of(model), run, use),
            _ => new AbsentModelPageOutput(id.Value, run, use),
        };
    }
}
