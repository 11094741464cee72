namespace AiMe.Corpora;

/// <summary>The nearest valid spelling of a misspelt name.</summary>
public static class Nearest
{
    /// <summary>A hint to the nearest name.</summary>
    /// <returns>
    /// A clause such as <c>; did you mean 'tea'?</c>, or an empty text if no name is near: at least one letter must stay as
    /// it is. Ties: the first in order.
    /// </returns>
    public static string Hint(string name, IEnumerable<string> known)
    {
        string? best = known.MinBy(k => EditDistance.Between(name, k));
        var distance = best is null ? int.MaxValue : EditDistance.Between(name, best);
        return distance <= Math.Max(2, name.Length / 3) && distance < Math.Max(name.Length, best!.Length)
            ? $"; did you mean '{best}'?"
            : "";
    }
}
