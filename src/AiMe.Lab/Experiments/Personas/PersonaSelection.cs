using System.Collections.Immutable;

namespace AiMe.Lab.Experiments.Personas;

/// <summary>Which items of a persona file become probes.</summary>
/// <param name="LeastConfidence">Least confidence in the label; an item without one is left out. Null for all items.</param>
/// <param name="Balance">Whether as many items of each key are taken.</param>
/// <param name="Limit">At most so many items of a file; null for all.</param>
public sealed record PersonaSelection(double? LeastConfidence, bool Balance, int? Limit)
{
    /// <summary>The chosen items in the order of the file, and how many were left out for what.</summary>
    /// <remarks>
    /// First the confidence, then repeated questions, then the balance and the limit. The key of an item is the index of its keyed
    /// option; under a balance the first items of each key are taken, as many as the rarest key has and the limit allows.
    /// </remarks>
    public PersonaChoice Of(PersonaFile file)
    {
        var sure = file.Items.Where(i => LeastConfidence is not { } least || i.Confidence >= least).ToArray();
        var distinct = sure.DistinctBy(i => (i.Question, string.Join('\n', i.Options))).ToArray();
        PersonaItem[] taken = distinct;
        if (Balance)
        {
            var keys = distinct.Select(i => i.Keyed).Distinct().Count();
            var each = distinct.GroupBy(i => i.Keyed).Select(g => g.Count()).DefaultIfEmpty(0).Min();
            var most = Limit is { } limit ? Math.Min(each, limit / Math.Max(1, keys)) : each;
            taken = keys < 2 ? [] : [.. distinct.GroupBy(i => i.Keyed).SelectMany(g => g.Take(most)).OrderBy(i => i.Line)];
        }
        else if (Limit is { } limit)
        {
            taken = [.. distinct.Take(limit)];
        }

        return new([.. taken], file.Items.Length - sure.Length, sure.Length - distinct.Length, distinct.Length - taken.Length);
    }
}

/// <summary>The items that become probes.</summary>
/// <param name="Unsure">Left out for their confidence.</param>
/// <param name="Repeated">Left out because their question stood before.</param>
/// <param name="Beyond">Left out by the balance or the limit.</param>
public sealed record PersonaChoice(ImmutableArray<PersonaItem> Items, int Unsure, int Repeated, int Beyond);
