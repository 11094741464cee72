using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Supervisor;

/// <summary>A treatment that begins in mid-run, in some variants and not in others. It is part of the plan.</summary>
/// <param name="Cycle">
/// The planned cycle before which it takes effect, from 1. Cycles of unplanned inputs are not counted.
/// </param>
/// <param name="Variants">The treated variants, at least one.</param>
public sealed record ScheduledIntervention(int Cycle, ImmutableArray<string> Variants, InterventionAction Do)
{
    /// <summary>Whether an instance of the variant is treated.</summary>
    public bool Treats(string variant) => Variants.Contains(variant, StringComparer.Ordinal);
}

/// <summary>A scheduled change of the policy or the model of one instance.</summary>
/// <param name="Cycle">The planned cycle before which it takes effect.</param>
/// <param name="AtRoundStart">
/// Whether it waits for the end of a round: a policy of the instance holds experiences until then. Without unplanned input its cycle
/// is the first of a round.
/// </param>
public sealed record ScheduledChange(int Cycle, Input Input, bool AtRoundStart)
{
    // An arrival that people give is a GUID or a path, so that it cannot be this.
    private const string Prefix = "plan/";

    /// <summary>The key under which the Supervisor journals it.</summary>
    /// <param name="ordinal">1-based index among the changes of the instance.</param>
    public static string ArrivalOf(string instance, int ordinal) => $"{Prefix}{instance}/{ordinal}";

    /// <summary>Whether an input came from the plan.</summary>
    public static bool IsArrival(string arrival)
    {
        ArgumentNullException.ThrowIfNull(arrival);
        return arrival.StartsWith(Prefix, StringComparison.Ordinal);
    }
}

/// <summary>What a scheduled intervention does.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Say), "say")]
[JsonDerivedType(typeof(SetPolicy), "set-policy")]
[JsonDerivedType(typeof(SwapModel), "swap-model")]
public abstract record InterventionAction
{
    private InterventionAction() { }

    /// <summary>The instance receives this stimulus in place of the planned one of that cycle.</summary>
    /// <param name="Stimulus">Its id is none of the plan's stimuli.</param>
    public sealed record Say(Stimulus Stimulus) : InterventionAction;

    /// <summary>The Curator applies this policy from that cycle on.</summary>
    public sealed record SetPolicy(ImmutableArray<Rule> Policy) : InterventionAction
    {
        /// <inheritdoc />
        public bool Equals(SetPolicy? other) => other is not null && Policy.SequenceEqual(other.Policy);

        /// <inheritdoc />
        public override int GetHashCode() => Policy.Length;
    }

    /// <summary>The instance answers with another model from that cycle on, regardless of the gate.</summary>
    /// <param name="Variant">The variant whose generation 0 it is; null, and not written, for the instance's own generation 0.</param>
    /// <param name="Model">A model of the same server; null, and not written, unless the model is named.</param>
    public sealed record SwapModel(
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Variant = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ModelId? Model = null
    ) : InterventionAction;
}
