using System.Text.Json.Serialization;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Reflector;

/// <summary>Events of the Reflector.</summary>
public abstract record ReflectorEvent : Event;

/// <summary>The Reflector began.</summary>
/// <param name="LoopVersion">See <see cref="Faculties.LoopVersion"/>; null for the first, and then not written.</param>
[Manifest("reflector.began")]
public sealed record ReflectorBegan(
    Charter Charter,
    ReflectorSettings Settings,
    Seed Seed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? LoopVersion = null
) : ReflectorEvent;

/// <summary>The instance was forked and has other settings from here on.</summary>
[Manifest("reflector.changed")]
public sealed record ReflectorChanged(ReflectorSettings Settings, Seed Seed) : ReflectorEvent;

/// <summary>The Reflector reflected on an output.</summary>
/// <param name="Reasoning">What the model reasoned before it; null if it gave no reasoning, and then not written.</param>
[Manifest("reflector.reflected")]
public sealed record Reflected(
    int Cycle,
    Reflection Reflection,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reasoning = null
) : ReflectorEvent;

/// <summary>The summed importance passed the threshold, and an insight was formed; null if it failed.</summary>
/// <param name="Importance">The sum that passed the threshold.</param>
/// <param name="Reasoning">What the model reasoned before it; null if it gave no reasoning, and then not written.</param>
[Manifest("reflector.insight-formed")]
public sealed record InsightFormed(
    int Cycle,
    Insight? Insight,
    double Importance,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reasoning = null
) : ReflectorEvent;

/// <summary>A model call failed.</summary>
/// <param name="What"><c>reflection</c> or <c>insight</c>.</param>
[Manifest("reflector.generation-failed")]
public sealed record ReflectorGenerationFailed(int Cycle, string What, int Attempt, string Error) : ReflectorEvent;
