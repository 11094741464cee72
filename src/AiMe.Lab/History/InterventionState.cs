using System.Text.Json.Serialization;

namespace AiMe.Lab.History;

/// <summary>Whether a scheduled intervention has happened in an instance.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InterventionState>))]
public enum InterventionState
{
    /// <summary>Its cycle is still to come, or the instance is about to apply it.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>The record has it.</summary>
    [JsonStringEnumMemberName("happened")]
    Happened,

    /// <summary>The instance ended without it: a fork that runs on input alone, or one that has left the plan.</summary>
    [JsonStringEnumMemberName("omitted")]
    Omitted,
}
