using System.Text.Json.Serialization;

namespace AiMe.Faculties.Self;

/// <summary>
/// What the probes measure of a local model itself, against the model of generation 0 or the truth. Null if undefined, and then not
/// written.
/// </summary>
/// <param name="KlToBirth">
/// Mean over the positions of fixed exchanges of KL(p_g || p_0) of the next token, nats, at least 0.
/// </param>
/// <param name="TailCrossEntropy">
/// Cross-entropy on those tokens of the exchanges that are in the rarer half of the corpus' types, nats per token.
/// </param>
/// <param name="TopTen">Mean over the positions of the mass of the ten likeliest next tokens, in [0, 1].</param>
/// <param name="Gini">Mean over the positions of the Gini coefficient of the next token's distribution, in [0, 1].</param>
/// <param name="SelfCrossEntropy">Cross-entropy of the model on its own samples, nats per token: falling is sharpening.</param>
/// <param name="Plausibility">Cross-entropy of generation 0 on the model's samples, nats per token.</param>
/// <param name="Forgetting">Cross-entropy of the model on generation 0's samples, nats per token.</param>
/// <param name="CharterAxis">
/// Projection of the change of the mean residual stream, without the charter, on the charter's axis at generation 0, in units of
/// the axis: 1 has moved as far as the charter moves it, below 0 is away from it.
/// </param>
/// <param name="HeadCrossEntropy">
/// Cross-entropy on the other tokens of the exchanges, which are in the commoner half, nats per token; from the fourth
/// <see cref="LoopVersion"/> on.
/// </param>
/// <param name="MeanError">
/// Of a distribution in place of a language model: mean over dimensions of the squared distance of the mean from the true one, in units
/// of the true variance, at least 0.
/// </param>
/// <param name="Diversity">
/// Of such a distribution: mean over dimensions of the variance in units of the true one, at least 0. Of a categorical distribution that
/// is its Gini-Simpson index over that of the uniform one, at most 1.
/// </param>
/// <param name="Recognition">
/// Area under the curve of ln p under the model minus ln p under generation 0, per token: its own samples against generation 0's of
/// matched length; [0, 1]. Measured if <see cref="ProbeSet.Recognition"/> says so, as are the next three.
/// </param>
/// <param name="SaidOwn">Share of the pairs in which the model, asked, takes its own sample for what it said; [0, 1].</param>
/// <param name="Preference">Share of the pairs in which it takes its own sample for the better one; [0, 1].</param>
/// <param name="Likelier">
/// Share of the pairs in which its own sample is the likelier one under the model, per token, each after its stimulus; [0, 1].
/// </param>
public sealed record ModelMeasures(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? KlToBirth = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? TailCrossEntropy = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? TopTen = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Gini = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? SelfCrossEntropy = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Plausibility = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Forgetting = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? CharterAxis = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? HeadCrossEntropy = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? MeanError = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Diversity = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Recognition = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? SaidOwn = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Preference = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Likelier = null
);
