using System.Collections.Immutable;
using System.Text.Json;
using AiMe.Console.Terminal;
using AiMe.Faculties.Self;
using AiMe.Lab.Analysis.Lineage;

namespace AiMe.Console.Output.Models;

/// <summary>Lineages as JSON: one object per line, with its kind in <c>is</c>.</summary>
internal static class ModelsJson
{
    public static void Write(ImmutableArray<PretrainedModel> models, IReadOnlyList<ImmutableArray<InstanceLineage>> runs)
    {
        foreach (var model in models)
            TerminalWriter.Json(JsonObject.Of(json => Pretrained(json, model)));
        foreach (var instance in runs.SelectMany(r => r))
        {
            TerminalWriter.Json(JsonObject.Of(json => Generation0(json, instance)));
            foreach (var checkpoint in instance.Checkpoints)
                TerminalWriter.Json(JsonObject.Of(json => Made(json, instance, checkpoint)));
            foreach (var without in instance.Without)
                TerminalWriter.Json(JsonObject.Of(json => Empty(json, instance, without)));
        }
    }

    /// <summary>Writes a base model of a store.</summary>
    public static void Pretrained(Utf8JsonWriter json, PretrainedModel model)
    {
        json.WriteString("is", "base-model");
        json.WriteString("id", model.Id);
        json.WriteString("name", model.Name);
        json.WriteString("preset", model.Preset);
        json.WriteNumber("parameters", model.Parameters);
        json.WriteFigure("loss", model.Loss);
        json.WriteNumber("bytes", model.Bytes);
    }

    /// <summary>Writes a checkpoint with the members of the list.</summary>
    public static void Made(Utf8JsonWriter json, InstanceLineage instance, Checkpoint c)
    {
        json.WriteString("is", "checkpoint");
        json.WriteString("run", instance.Run);
        json.WriteString("instance", c.Instance);
        json.WriteNumber("round", c.Round);
        json.WriteString("id", c.Id.Value);
        json.WriteString("parent", c.Parent.Value);
        json.WriteString("method", c.Method);
        json.WriteNumber("examples", c.Figures.Examples);
        json.WriteBoolean("ofPairs", c.Figures.OfPairs);
        json.WriteFigure("firstLoss", c.Figures.FirstLoss);
        json.WriteFigure("lastLoss", c.Figures.LastLoss);
        json.WriteFigure("heldOutBefore", c.Gate?.HeldOutBase);
        json.WriteFigure("heldOut", c.Gate?.HeldOut);
        json.WriteFigure("drift", c.Gate?.Drift);
        json.WriteString("outcome", Word(c.Fate));
        json.WriteTexts("reasons", c.Reasons);
        json.WriteBoolean("champion", instance.Champion == c.Id);
    }

    /// <summary>The JSON value of a fate.</summary>
    public static string Word(CheckpointFate fate) =>
        fate switch
        {
            CheckpointFate.Candidate => "candidate",
            CheckpointFate.Promoted => "promoted",
            CheckpointFate.RolledBack => "rolled-back",
            CheckpointFate.Failed => "failed",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static void Generation0(Utf8JsonWriter json, InstanceLineage instance)
    {
        json.WriteString("is", "base");
        json.WriteString("run", instance.Run);
        json.WriteString("instance", instance.Instance);
        json.WriteNumber("round", 0);
        json.WriteString("id", instance.Base.Value);
        json.WriteBoolean("champion", instance.Champion == instance.Base);
    }

    private static void Empty(Utf8JsonWriter json, InstanceLineage instance, RoundWithout without)
    {
        json.WriteString("is", "no-checkpoint");
        json.WriteString("run", instance.Run);
        json.WriteString("instance", instance.Instance);
        json.WriteNumber("round", without.Round);
        json.WriteString("outcome", without.Outcome == RoundOutcome.Failed ? "failed" : "untrained");
        json.WriteString("why", without.Why);
    }
}
