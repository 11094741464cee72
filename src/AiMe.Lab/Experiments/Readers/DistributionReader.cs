using AiMe.Lab.Experiments.Yaml;
using AiMe.Models.Distributions;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads the keys of <c>model</c> under provider distribution.</summary>
internal static class DistributionReader
{
    // A draw has a number for each and is journalled as a text.
    private const int MostDimensions = 100_000;
    private const int MostCategories = 1000;

    /// <summary>The model.</summary>
    public static DistributionModel Read(Section s)
    {
        var family = s.Need(
            "family",
            "gaussian or categorical",
            "gaussian: normal distributions, the true ones with mean 0 and variance 1; categorical: distributions over categories, "
                + "the true ones uniform"
        );
        var isCategorical = family?.Word(Keywords.Families, false) ?? false;
        var dimensions = s.Whole(
            "dimensions",
            Defaults.Dimensions,
            1,
            MostDimensions,
            "independent distributions; an answer is one draw, a line with a number for each"
        );
        var categories = s.Find("categories", "of family categorical: the number of categories of each distribution, 10 by default");
        if (categories is { Asked: null } && family is not null && !isCategorical)
            categories.Fail("it is of family categorical alone; remove the key");
        var many = (int)(categories?.Whole(Defaults.Categories, 2, MostCategories) ?? Defaults.Categories);
        var records = s.Whole("records", Defaults.Draws, 2, PlanLimits.Records, "real draws that generation 0 is fitted to");
        var seed = s.Seed("seed", Defaults.ModelSeed, "seed of these draws");
        s.Close();
        return new(new DistributionShape(dimensions, isCategorical ? many : null), records, (ulong)seed);
    }
}
