using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Faculties.Curation;

/// <summary>
/// <c>matched(variant)</c>: the size-matched control. In each round it keeps as many experiences as the policy of the named
/// variant would, but draws them at random.
/// </summary>
/// <remarks>
/// The named policy runs as a shadow over the experiences of this instance, with its own kept outputs. All experiences are
/// held, and can be recalled, until the round is sealed; then as many are drawn as the shadow kept. The draw has a seed of the
/// run, the block, the variant and the round.
/// </remarks>
/// <param name="Variant">The named variant.</param>
/// <param name="Policy">Its policy, resolved; it contains no matched rule.</param>
public sealed record Matched(string Variant, ImmutableArray<Rule> Policy) : Rule
{
    /// <summary>The rule in a policy, or null. A policy with it has no other rule.</summary>
    public static Matched? In(ImmutableArray<Rule> policy) => policy is [Matched matched] ? matched : null;

    /// <summary>The seed of an instance's draws.</summary>
    /// <param name="instance">The seed of the instance: of run, block and variant.</param>
    public static Seed DrawSeed(Seed instance) => instance.Derive("matched");

    /// <summary>Draws experiences of a round without replacement.</summary>
    /// <param name="pool">The experiences that may be drawn, oldest first.</param>
    /// <param name="count">The number to draw; all if there are fewer.</param>
    /// <param name="draws">See <see cref="DrawSeed"/>.</param>
    /// <param name="round">From 1.</param>
    /// <returns>The drawn ones, oldest first.</returns>
    public static ImmutableArray<MemoryId> Draw(ImmutableArray<MemoryId> pool, int count, Seed draws, int round)
    {
        var seed = draws.Derive("round", round);
        var drawn = Enumerable.Range(0, pool.Length).OrderBy(i => seed.Derive("draw", i).Value).ThenBy(i => i).Take(count);
        return [.. drawn.Order().Select(i => pool[i])];
    }

    /// <inheritdoc />
    public override RuleColumn Judge(Case judged) => new("matched", double.NaN, Vote.Hold, "drawn, or not, at the end of the round");

    /// <inheritdoc />
    public bool Equals(Matched? other) => other is not null && Variant == other.Variant && Policy.SequenceEqual(other.Policy);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Variant, Policy.Length);

    /// <inheritdoc />
    public override string ToString() => $"matched {Variant} ({string.Join(", ", Policy)})";
}
