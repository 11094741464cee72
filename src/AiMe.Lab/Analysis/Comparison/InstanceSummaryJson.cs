using System.Text.Json;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>One instance of a comparison as JSON; see <see cref="CompareJson"/>.</summary>
internal static class InstanceSummaryJson
{
    /// <summary>Writes the members of an instance.</summary>
    public static void Write(Utf8JsonWriter json, InstanceSummary instance, int budget)
    {
        json.WriteString("instance", instance.Instance);
        json.WriteString("variant", instance.Variant);
        json.WriteNumber("replicate", instance.Replicate);
        json.WriteString(
            "status",
            instance.Status switch
            {
                InstanceState.Finished => "finished",
                InstanceState.Parked => "parked",
                _ => "living",
            }
        );
        json.WriteBoolean("censored", instance.IsCensored);
        json.WriteNumber("reached", instance.Reached);
        json.WriteNumber("experiences", instance.Experiences);
        json.WriteNumber("beside", instance.Unplanned);
        CompareJson.Number(json, "floor", instance.Floor);
        CompareJson.Number(json, "agentFloor", instance.AgentFloor);
        CompareJson.Array(json, "generations", instance.Generations, g => Generation(json, instance, g, budget));
        CompareJson.Array(json, "trainings", instance.Trainings, t => Training(json, t));
    }

    private static void Generation(Utf8JsonWriter json, InstanceSummary instance, GenerationFigures generation, int budget)
    {
        json.WriteNumber("generation", generation.Generation);
        foreach (var measure in Measure.All)
            CompareJson.Number(json, measure.Key, measure.Of(instance, generation.Generation, budget));
        json.WriteStartObject("traits");
        foreach (var (trait, score) in generation.Traits)
            CompareJson.Number(json, trait, score);
        json.WriteEndObject();
    }

    private static void Training(Utf8JsonWriter json, TrainingOutcome training)
    {
        json.WriteNumber("round", training.Round);
        json.WriteString(
            "outcome",
            training.Outcome switch
            {
                RoundOutcome.Promoted => "promoted",
                RoundOutcome.RolledBack => "rolled-back",
                RoundOutcome.Failed => "failed",
                _ => "skipped",
            }
        );
        json.WriteStartArray("reasons");
        foreach (var reason in training.Reasons)
            json.WriteStringValue(reason);
        json.WriteEndArray();
    }
}
