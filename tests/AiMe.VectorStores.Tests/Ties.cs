using System.Collections.Immutable;
using AiMe.Faculties;

namespace AiMe.VectorStores.Tests;

/// <summary>Compares a search by floats with exact cosines: those that floats cannot tell apart may change places.</summary>
internal static class Ties
{
    private const double Width = 1e-5;

    public static void ShouldBeTheBest(
        ImmutableArray<MemoryId> found,
        IReadOnlyDictionary<MemoryId, double> cosines,
        int count,
        string because
    )
    {
        found.Distinct().Count().ShouldBe(Math.Min(count, cosines.Count), because);
        found.Length.ShouldBe(Math.Min(count, cosines.Count), because);
        var best = cosines.Values.OrderDescending().ToArray();
        for (var i = 0; i < found.Length; i++)
            cosines[found[i]].ShouldBe(best[i], Width, because);
    }
}
