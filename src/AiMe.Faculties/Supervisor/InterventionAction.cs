using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Supervisor;

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
