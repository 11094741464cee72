using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AiMe.Faculties.Supervisor;

/// <summary>
/// A prediction that was declared before the run: one number of each replicate, and the bound beyond which its mean is expected.
/// </summary>
/// <param name="Measure">Key of a measure, such as <c>heldOutRise</c>.</param>
/// <param name="Of">What the number is.</param>
/// <param name="Side">Where the mean is expected.</param>
/// <param name="Bound">
/// In the unit of the number; of <see cref="PredictedSide.Within"/> above 0, and on both sides of <paramref name="Around"/>.
/// </param>
/// <param name="At">
/// The generation; null, and not written, for the last. Of a <see cref="PredictedNumber.StepOf"/> null means each generation, so that it
/// is a prediction for each.
/// </param>
/// <param name="IsSecondary">Whether it says nothing on the result; not written if false.</param>
/// <param name="Around">Of <see cref="PredictedSide.Within"/>: the number on both sides of which the bound is; not written if 0.</param>
public sealed record Prediction(
    string Measure,
    PredictedNumber Of,
    PredictedSide Side,
    double Bound,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? At = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsSecondary = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] double Around = 0
);

/// <summary>The number of a replicate that a prediction is about.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(LevelOf), "level")]
[JsonDerivedType(typeof(StepOf), "step")]
[JsonDerivedType(typeof(ContrastOf), "contrast")]
[JsonDerivedType(typeof(GrowthOf), "growth")]
[JsonDerivedType(typeof(OrderOf), "order")]
[JsonDerivedType(typeof(ResponseOf), "response")]
[JsonDerivedType(typeof(CorrelationOf), "correlation")]
[JsonDerivedType(typeof(RejectionsOf), "rejections")]
public abstract record PredictedNumber
{
    private PredictedNumber() { }

    /// <summary>The variants that a replicate must have.</summary>
    [JsonIgnore]
    public abstract ImmutableArray<string> Involved { get; }

    /// <summary>The value of a variant.</summary>
    public sealed record LevelOf(string Variant) : PredictedNumber
    {
        /// <inheritdoc />
        public override ImmutableArray<string> Involved => [Variant];
    }

    /// <summary>The value of a variant minus its value one generation before.</summary>
    public sealed record StepOf(string Variant) : PredictedNumber
    {
        /// <inheritdoc />
        public override ImmutableArray<string> Involved => [Variant];
    }

    /// <summary>The value of the first variant minus a multiple of the second's.</summary>
    /// <param name="Times">The multiple, above 0: with .5, a number below 0 says that the first has less than half of the second.</param>
    /// <param name="Than">Key of the second variant's measure; null, and not written, for the same.</param>
    public sealed record ContrastOf(
        string First,
        string Second,
        double Times = 1,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Than = null
    ) : PredictedNumber
    {
        /// <inheritdoc />
        public override ImmutableArray<string> Involved => First == Second ? [First] : [First, Second];
    }

    /// <summary>The slope of the line of least squares through a variant's values, per generation.</summary>
    /// <param name="From">The first generation on the line; not written if 0.</param>
    public sealed record GrowthOf(string Variant, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int From = 0)
        : PredictedNumber
    {
        /// <inheritdoc />
        public override ImmutableArray<string> Involved => [Variant];
    }

    /// <summary>The slope of the line of least squares through the values of three variants or more, per place in their order.</summary>
    public sealed record OrderOf(ImmutableArray<string> Variants) : PredictedNumber
    {
        /// <inheritdoc />
        public override ImmutableArray<string> Involved => Variants;
    }

    /// <summary>
    /// The slope of the line of least squares of a value's change from one generation to the next on another measure of the round
    /// between them, over all generations of the variants.
    /// </summary>
    /// <param name="To">Key of the measure on which the change depends.</param>
    public sealed record ResponseOf(ImmutableArray<string> Variants, string To) : PredictedNumber
    {
        /// <inheritdoc />
        public override ImmutableArray<string> Involved => Variants;
    }

    /// <summary>
    /// Spearman's correlation of a value with another measure over all generations of the variants, from the first trained one on.
    /// </summary>
    /// <param name="To">Key of the other measure.</param>
    public sealed record CorrelationOf(ImmutableArray<string> Variants, string To) : PredictedNumber
    {
        /// <inheritdoc />
        public override ImmutableArray<string> Involved => Variants;
    }

    /// <summary>
    /// Whether a two-sided, unadjusted test of two variants rejects in a group of replicates: 1 or 0, one for each group. Its mean is
    /// the share of tests that reject, which is alpha between variants that differ by chance alone.
    /// </summary>
    /// <param name="GroupsOf">Replicates of a group, 2 or more; groups are consecutive, and an incomplete last one is left out.</param>
    /// <param name="Test">The test of the paired differences.</param>
    public sealed record RejectionsOf(string First, string Second, int GroupsOf, NullTest Test) : PredictedNumber
    {
        /// <inheritdoc />
        public override ImmutableArray<string> Involved => [First, Second];
    }
}

/// <summary>Where the mean of a predicted number is expected.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PredictedSide>))]
public enum PredictedSide
{
    /// <summary>Above the bound.</summary>
    [JsonStringEnumMemberName("higher")]
    Higher,

    /// <summary>Below the bound.</summary>
    [JsonStringEnumMemberName("lower")]
    Lower,

    /// <summary>Nearer than the bound to the number that it is around, by default 0.</summary>
    [JsonStringEnumMemberName("within")]
    Within,
}

/// <summary>A test whose rejections are counted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NullTest>))]
public enum NullTest
{
    /// <summary>Student's paired t test.</summary>
    [JsonStringEnumMemberName("t")]
    StudentT,

    /// <summary>The paired sign-flip permutation test.</summary>
    [JsonStringEnumMemberName("sign-flip")]
    SignFlip,
}
