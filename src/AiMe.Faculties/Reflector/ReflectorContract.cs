using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Reflector;

/// <summary>Commands of the Reflector.</summary>
public abstract record ReflectorCommand : Command;

/// <summary>From the Self: begin.</summary>
public sealed record BeginReflector(Charter Charter, ReflectorSettings Settings, Seed Seed) : ReflectorCommand;

/// <summary>From the Self: reflect on this output.</summary>
public sealed record Reflect(Draft Draft) : ReflectorCommand;

/// <summary>Effect result: a reflection, with scores if the provider gives them in its reflection.</summary>
public sealed record ReflectionGenerated(Draft Draft, int Attempt, string Text, double? Alignment = null, double? Quality = null)
    : ReflectorCommand;

/// <summary>Effect result: the reflection failed.</summary>
public sealed record ReflectionFailed(Draft Draft, int Attempt, string Error) : ReflectorCommand;

/// <summary>Effect result: an insight.</summary>
public sealed record InsightGenerated(Draft Draft, Reflection Reflection, int Attempt, string Statement) : ReflectorCommand;

/// <summary>Effect result: the insight failed.</summary>
public sealed record InsightFailed(Draft Draft, Reflection Reflection, int Attempt, string Error) : ReflectorCommand;

/// <summary>From the lab: the instance is a fork from here on.</summary>
public sealed record ChangeReflector(ReflectorSettings Settings, Seed Seed) : ReflectorCommand;

/// <summary>Events of the Reflector.</summary>
public abstract record ReflectorEvent : Event;

/// <summary>The Reflector began.</summary>
[Manifest("reflector.began")]
public sealed record ReflectorBegan(Charter Charter, ReflectorSettings Settings, Seed Seed) : ReflectorEvent;

/// <summary>The instance was forked and has other settings from here on.</summary>
[Manifest("reflector.changed")]
public sealed record ReflectorChanged(ReflectorSettings Settings, Seed Seed) : ReflectorEvent;

/// <summary>The Reflector reflected on an output.</summary>
[Manifest("reflector.reflected")]
public sealed record Reflected(int Cycle, Reflection Reflection) : ReflectorEvent;

/// <summary>The summed importance passed the threshold, and an insight was formed; null if it failed.</summary>
/// <param name="Importance">The sum that passed the threshold.</param>
[Manifest("reflector.insight-formed")]
public sealed record InsightFormed(int Cycle, Insight? Insight, double Importance) : ReflectorEvent;

/// <summary>A model call failed.</summary>
/// <param name="What"><c>reflection</c> or <c>insight</c>.</param>
[Manifest("reflector.generation-failed")]
public sealed record ReflectorGenerationFailed(int Cycle, string What, int Attempt, string Error) : ReflectorEvent;

/// <summary>State of the Reflector.</summary>
/// <param name="Cycle">The last cycle reflected on; 0 before the first.</param>
/// <param name="Last">The reflection of that cycle, or null.</param>
/// <param name="LastInsight">The insight formed in that cycle, or null.</param>
/// <param name="Failures">Failed calls of the current request.</param>
/// <param name="Since">Experiences since the last insight, oldest first.</param>
/// <param name="Insights">Number of insights formed.</param>
/// <param name="InsightIsDue">
/// Whether the last reflection raised the importance since the last insight above the threshold.
/// </param>
public sealed record ReflectorState(
    Charter? Charter,
    ReflectorSettings? Settings,
    Seed Seed,
    int Cycle,
    Reflection? Last,
    Insight? LastInsight,
    int Failures,
    ImmutableArray<Weighed> Since,
    int Insights,
    bool InsightIsDue
)
{
    /// <summary>Summed importance since the last insight.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double Importance => Since.Sum(w => w.Importance);
}

/// <summary>An experience and its importance, 1 to 10.</summary>
public sealed record Weighed(MemoryId Id, double Importance);
