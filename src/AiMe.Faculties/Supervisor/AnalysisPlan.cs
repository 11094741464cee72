using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AiMe.Faculties.Supervisor;

/// <summary>What is tested, declared before the run. Everything else in a comparison is exploratory.</summary>
/// <param name="Question">The question in the researcher's words; null if none is given.</param>
/// <param name="Primary">
/// The outcomes that answer it. Each is tested by each contrast that applies to it; Holm's correction covers all these tests.
/// </param>
/// <param name="Secondary">Further declared outcomes: a family of their own, corrected by itself.</param>
/// <param name="Contrasts">What is compared with what; at least one.</param>
/// <param name="Generation">The generation that is compared; null for the last.</param>
/// <param name="Alpha">Familywise significance level, in (0, 1).</param>
/// <param name="Interval">How intervals are computed.</param>
public sealed record AnalysisPlan(
    string? Question,
    ImmutableArray<DeclaredOutcome> Primary,
    ImmutableArray<DeclaredOutcome> Secondary,
    ImmutableArray<DeclaredContrast> Contrasts,
    int? Generation,
    double Alpha,
    IntervalMethod Interval
)
{
    /// <summary>Predictions with a bound; default, and then not written, if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImmutableArray<Prediction> Predict { get; init; }

    /// <summary>The predictions; empty if there are none.</summary>
    [JsonIgnore]
    public ImmutableArray<Prediction> Declared => Predict.IsDefault ? [] : Predict;

    /// <summary>The tests of a family: each outcome by each contrast that applies to it, in the order of both.</summary>
    /// <param name="family"><see cref="Primary"/> or <see cref="Secondary"/>.</param>
    public IEnumerable<(DeclaredOutcome Outcome, DeclaredContrast Contrast)> TestsOf(ImmutableArray<DeclaredOutcome> family) =>
        family.SelectMany(o => Contrasts.Where(c => c.AppliesTo(o)).Select(c => (o, c)));
}

/// <summary>How the interval of a mean is computed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IntervalMethod>))]
public enum IntervalMethod
{
    /// <summary>Student's t.</summary>
    [JsonStringEnumMemberName("student")]
    Student,

    /// <summary>The bias-corrected and accelerated bootstrap, seeded; not below the number of replicates for which it is sound.</summary>
    [JsonStringEnumMemberName("bca")]
    Bca,
}

/// <summary>A declared outcome: one number for each instance, or its time of survival.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Value), "value")]
[JsonDerivedType(typeof(Survival), "survival")]
public abstract record DeclaredOutcome
{
    private DeclaredOutcome() { }

    /// <summary>The key of a measure, such as <c>bareDrift</c>.</summary>
    public abstract string Measure { get; init; }

    /// <summary>The value of a measure at the compared generation.</summary>
    /// <param name="SmallestEffect">
    /// The smallest difference of interest, above 0, in the measure's unit: the bound of equivalence tests and the goal of
    /// power; null if none is declared.
    /// </param>
    public sealed record Value(string Measure, double? SmallestEffect = null) : DeclaredOutcome
    {
        /// <inheritdoc />
        public override string Measure { get; init; } = Measure;
    }

    /// <summary>The generation at which a measure first crosses a bound; censored if it never does.</summary>
    /// <param name="Above">Whether the event is a value above the bound; else one below it.</param>
    public sealed record Survival(string Measure, bool Above, double Bound) : DeclaredOutcome
    {
        /// <inheritdoc />
        public override string Measure { get; init; } = Measure;
    }
}

/// <summary>A declared comparison of variants.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Pair), "pair")]
[JsonDerivedType(typeof(Ordered), "ordered")]
[JsonDerivedType(typeof(Equivalent), "equivalent")]
public abstract record DeclaredContrast
{
    private DeclaredContrast() { }

    /// <summary>The outcomes that it applies to, by the key of their measure; empty for all.</summary>
    public ImmutableArray<string> Measures { get; init; } = [];

    /// <summary>Whether it tests this outcome.</summary>
    public bool AppliesTo(DeclaredOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return Measures.IsEmpty || Measures.Contains(outcome.Measure, StringComparer.Ordinal);
    }

    /// <summary>Two variants, replicate by replicate: the first minus the second.</summary>
    /// <param name="Direction">What is predicted of the first.</param>
    public sealed record Pair(string First, string Second, EffectDirection Direction = EffectDirection.Either) : DeclaredContrast;

    /// <summary>A trend over variants in this order, within replicates; three variants or more.</summary>
    /// <param name="Direction">Whether the outcome is predicted to be higher or lower in later variants.</param>
    public sealed record Ordered(ImmutableArray<string> Variants, EffectDirection Direction = EffectDirection.Either) : DeclaredContrast;

    /// <summary>Two variants that are claimed to differ by less than the smallest effect of interest.</summary>
    public sealed record Equivalent(string First, string Second) : DeclaredContrast;
}

/// <summary>The direction of a predicted effect.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EffectDirection>))]
public enum EffectDirection
{
    /// <summary>None is predicted: the test is two-sided.</summary>
    [JsonStringEnumMemberName("either")]
    Either,

    /// <summary>The first variant is higher; in ordered variants, later ones are.</summary>
    [JsonStringEnumMemberName("higher")]
    Higher,

    /// <summary>The first variant is lower; in ordered variants, later ones are.</summary>
    [JsonStringEnumMemberName("lower")]
    Lower,
}
