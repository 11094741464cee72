using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Web.Report;

/// <summary>Titles of axes. A figure of a paper stands without the table, so headings such as "self-ref" are spelled out.</summary>
public static class AxisTitle
{
    /// <summary>Most characters: more would not fit beside the usual chart.</summary>
    public const int Longest = 40;

    /// <summary>What an axis of a measure says, with its unit.</summary>
    public static string Of(Measure measure) =>
        measure.Key switch
        {
            "acceptance" => "share of experiences kept",
            "novelty" => "novelty (1 - cosine to nearest answer)",
            "coherence" => "coherence (difference of cosines)",
            "distinct2" => "distinct word pairs / all word pairs",
            "selfReference" => "statements about itself per 100 words",
            "selfReferencePool" => "statements about itself, all candidates",
            "selfReferenceGain" => "rise of statements about itself",
            "selfReferenceVariance" => "variance of statements about itself",
            "selfReferenceGap" => "statements about itself, kept - all",
            "preferenceDistance" => "distance of chosen and rejected answers",
            "alignment" => "alignment with the charter (0 to 1)",
            "quality" => "fluency (0 to 1)",
            "repeats" => "4-word sequences repeated in an answer",
            "correctness" => "share of problems solved",
            "correctMet" => "share of problems solved, topic met",
            "correctNew" => "share of problems solved, topic new",
            "empty" => "share of answers without a word",
            "repeated" => "share of answers given before",
            "recited" => "share of answers recited from memory",
            "length" => "length of an answer (words)",
            "perplexity" => "perplexity under generation 0",
            "currentPerplexity" => "perplexity under the current model",
            "answersOnAxis" => "answers on the charter's axis",
            "heldOut" => "held-out cross-entropy (nats per token)",
            "heldOutRise" => "rise of held-out cross-entropy",
            "keyed" => "probability of the option in character",
            "klToBirth" => "divergence from generation 0 (nats)",
            "tailCrossEntropy" => "cross-entropy of rare tokens (nats)",
            "tailRise" => "rise of cross-entropy of rare tokens",
            "headCrossEntropy" => "cross-entropy of common tokens (nats)",
            "headRise" => "rise of cross-entropy of common tokens",
            "topTen" => "mass of the ten likeliest tokens",
            "gini" => "Gini coefficient of next tokens",
            "selfCrossEntropy" => "own samples' entropy (nats per token)",
            "charterAxis" => "movement along the charter's axis",
            "meanError" => "squared error of the mean (variances)",
            "diversity" => "variance left (share of true one)",
            "recognition" => "distinguishability from generation 0",
            "saidOwn" => "own samples taken for what was said",
            "preference" => "own samples taken for the better ones",
            "likelier" => "own samples that are likelier",
            "promptToLine" => "agent's probability of charter's option",
            "lineToLine" => "share of paraphrases answered alike",
            "stability" => "stability between wordings (0 to 1)",
            "examples" => "training examples since generation 0",
            "passes" => "passes over an example",
            "tokensTrained" => "tokens trained on since generation 0",
            _ => measure.Title + MeasureFigure.Unit(measure),
        };
}
