using System.Text.Json;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Analysis.Comparison;

/// <summary>One life of a comparison as JSON; see <see cref="CompareJson"/>.</summary>
internal static class InstanceSummaryJson
{
    /// <summary>Writes the members of a life.</summary>
    public static void Write(Utf8JsonWriter json, InstanceSummary life, int budget)
    {
        json.WriteString("instance", life.Instance);
        json.WriteString("variant", life.Variant);
        json.WriteNumber("replicate", life.Replicate);
        json.WriteString(
            "status",
            life.Status switch
            {
                InstanceState.Finished => "finished",
                InstanceState.Parked => "parked",
                _ => "living",
            }
        );
        json.WriteBoolean("censored", life.IsCensored);
        json.WriteNumber("reached", life.Reached);
        json.WriteNumber("experiences", life.Experiences);
        json.WriteNumber("beside", life.Beside);
        CompareJson.Number(json, "floor", life.Floor);
        CompareJson.Number(json, "agentFloor", life.AgentFloor);
        CompareJson.Array(json, "generations", life.Generations, g => Generation(json, life, g, budget));
        CompareJson.Array(json, "trainings", life.Trainings, t => Training(json, t));
    }

    private static void Generation(Utf8JsonWriter json, InstanceSummary life, GenerationFigures generation, int budget)
    {
        json.WriteNumber("generation", generation.Generation);
        foreach (var measure in Measure.All)
            CompareJson.Number(json, measure.Key, measure.Of(life, generation.Generation, budget));
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
