using System.Globalization;
using System.Text.Json.Serialization;

namespace AiMe.Faculties.Curation;

/// <summary>Which experiences a review rule holds. Pure: the same case is held or not.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(All), "all")]
[JsonDerivedType(typeof(Share), "share")]
[JsonDerivedType(typeof(OfScore), "score")]
public abstract record ReviewCondition
{
    private ReviewCondition() { }

    /// <summary>Looks at a case.</summary>
    /// <returns>Whether it is held, the number that this rests on (NaN for none), and the reason.</returns>
    public abstract (bool Holds, double Score, string Reason) Look(Case judged);

    /// <summary>Every experience.</summary>
    public sealed record All : ReviewCondition
    {
        /// <inheritdoc />
        public override (bool Holds, double Score, string Reason) Look(Case judged) => (true, double.NaN, "every answer is reviewed");

        /// <inheritdoc />
        public override string ToString() => "all";
    }

    /// <summary>A random share, regardless of content. The draw belongs to instance and cycle.</summary>
    /// <param name="P">Probability of being held, in (0, 1].</param>
    public sealed record Share(double P) : ReviewCondition
    {
        /// <inheritdoc />
        public override (bool Holds, double Score, string Reason) Look(Case judged)
        {
            // A seed of its own: a random rule of the same policy draws from the case's.
            var drawn = judged.Dice.Derive(Review.Name).Unit();
            var reason = string.Create(CultureInfo.InvariantCulture, $"drew {drawn:0.00} against {P:0.00}");
            return (drawn < P, drawn, reason);
        }

        /// <inheritdoc />
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"share {P}");
    }

    /// <summary>A score beyond a bound. An undefined score is beyond none.</summary>
    /// <param name="Below">A lower score is held; null for no such bound.</param>
    /// <param name="Above">A higher score is held; null for no such bound.</param>
    public sealed record OfScore(
        ScoreName Score,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Below = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Above = null
    ) : ReviewCondition
    {
        /// <inheritdoc />
        public override (bool Holds, double Score, string Reason) Look(Case judged)
        {
            var score = judged.Score(Score);
            return double.IsNaN(score)
                ? (false, score, $"{Score.Text()} is undefined here")
                : (
                    score < Below || score > Above,
                    score,
                    string.Create(CultureInfo.InvariantCulture, $"{Score.Text()} {score:0.00}, {Bounds}")
                );
        }

        private string Bounds =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"reviewed {(Below is { } b ? $"below {b}" : "")}{(Below is null || Above is null ? "" : " or ")}"
                    + $"{(Above is { } a ? $"above {a}" : "")}"
            );

        /// <inheritdoc />
        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Score.Text()}{(Below is { } b ? $" below {b}" : "")}{(Above is { } a ? $" above {a}" : "")}"
            );
    }
}
