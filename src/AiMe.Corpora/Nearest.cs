namespace AiMe.Corpora;

/// <summary>The nearest valid spelling of a misspelt name.</summary>
public static class Nearest
{
    /// <summary>A hint to the nearest name.</summary>
    /// <returns>
    /// A clause such as <c>; did you mean 'tea'?</c>, or an empty text if no name is near. Ties: the first in order.
    /// </returns>
    public static string Hint(string name, IEnumerable<string> known)
    {
        string? best = known.MinBy(k => EditDistance.Between(name, k));
        return best is not null && EditDistance.Between(name, best) <= Math.Max(2, name.Length / 3) ? $"; did you mean '{best}'?" : "";
    }
}
