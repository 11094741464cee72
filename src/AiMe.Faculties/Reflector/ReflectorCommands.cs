using System.Text.Json.Serialization;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Reflector;

/// <summary>Commands of the Reflector.</summary>
public abstract record ReflectorCommand : Command;

/// <summary>From the Self: begin.</summary>
/// <param name="LoopVersion">See <see cref="Faculties.LoopVersion"/>.</param>
public sealed record BeginReflector(Charter Charter, ReflectorSettings Settings, Seed Seed, int? LoopVersion = null) : ReflectorCommand;

/// <summary>From the Self: reflect on this output.</summary>
public sealed record Reflect(Draft Draft) : ReflectorCommand;

/// <summary>Effect result: a reflection, with scores if the provider gives them in its reflection.</summary>
/// <param name="Reasoning">What the model reasoned before it, or null.</param>
public sealed record ReflectionGenerated(
    Draft Draft,
    int Attempt,
    string Text,
    double? Alignment = null,
    double? Quality = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reasoning = null
) : ReflectorCommand;

/// <summary>Effect result: the reflection failed.</summary>
public sealed record ReflectionFailed(Draft Draft, int Attempt, string Error) : ReflectorCommand;

/// <summary>Effect result: an insight.</summary>
/// <param name="Reasoning">What the model reasoned before it, or null.</param>
public sealed record InsightGenerated(
    Draft Draft,
    Reflection Reflection,
    int Attempt,
    string Statement,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reasoning = null
) : ReflectorCommand;

/// <summary>Effect result: the insight failed.</summary>
public sealed record InsightFailed(Draft Draft, Reflection Reflection, int Attempt, string Error) : ReflectorCommand;

/// <summary>From the lab: the instance is a fork from here on.</summary>
public sealed record ChangeReflector(ReflectorSettings Settings, Seed Seed) : ReflectorCommand;
