using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads <c>train.method</c> and the keys that depend on it.</summary>
internal static class MethodReader
{
    /// <summary>The training method; null for training all weights on the kept answers.</summary>
    /// <param name="backend">The external training, if any, which chooses its own method.</param>
    public static TrainingMethod? Read(Section s, TrainingMethod? fallback, ExternalTraining? backend)
    {
        var word = s.Find(
            "method",
            "the training method: full trains all weights on kept answers; lora trains an adapter over frozen weights on "
                + "kept answers; dpo trains such an adapter to prefer a kept answer to others, see rejected. lora by "
                + "default under preset base and for a checkpoint, else full",
            Keywords.Methods.Of(Of(fallback))
        );
        var method = word?.Word(Keywords.Methods, Of(fallback)) ?? Of(fallback);
        var rank = s.Find("rank", "for methods lora and dpo: rank of the adapter's matrices; 8 by default");
        var alpha = s.Find("alpha", "for methods lora and dpo: the adapter's output is scaled by alpha / rank; 16 by default");
        var beta = s.Find("beta", "for method dpo: a smaller value lets the model move further from the reference model; 0.1 by default");
        var rejected = s.Find(
            "rejected",
            "for method dpo: what a kept answer is preferred to: the other candidates of its cycle, or one answer to the same prompt, "
                + "sampled at the end of the round, of generation 0 or of the base model before its identity tuning; candidates by default"
        );
        Belongs(rank, method is Method.Lora or Method.Dpo, "methods lora and dpo", method);
        Belongs(alpha, method is Method.Lora or Method.Dpo, "methods lora and dpo", method);
        Belongs(beta, method is Method.Dpo, "method dpo", method);
        Belongs(rejected, method is Method.Dpo, "method dpo", method);
        if (backend is not null && word is not null)
            word.Fail("an external trainer chooses its own method; remove the key, or set backend: nano");

        var (knownRank, knownAlpha, knownBeta) = fallback switch
        {
            TrainingMethod.Lora l => (l.Rank, l.Alpha, Defaults.Beta),
            TrainingMethod.Dpo d => (d.Rank, d.Alpha, d.Beta),
            _ => (Defaults.Rank, Defaults.Alpha, Defaults.Beta),
        };
        var size = (
            Rank: (int)(rank?.Whole(knownRank, 1, MostRank) ?? knownRank),
            Alpha: alpha?.Real(knownAlpha, NumberRange.AboveZeroTo(1_000_000)) ?? knownAlpha
        );
        var strength = beta?.Real(knownBeta, NumberRange.AboveZeroTo(1000)) ?? knownBeta;
        var known = fallback is TrainingMethod.Dpo inherited ? inherited.Rejected : RejectedFrom.Candidates;
        var from = rejected?.Word(Keywords.Rejected, known) ?? known;
        return (backend, method) switch
        {
            (not null, _) or (_, Method.Full) => null,
            (_, Method.Lora) => new TrainingMethod.Lora(size.Rank, size.Alpha),
            (_, Method.Dpo) => new TrainingMethod.Dpo(size.Rank, size.Alpha, strength, from),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>The width of the largest preset. The bound of each preset is checked once the model is known.</summary>
    private const int MostRank = 256;

    internal static Method Of(TrainingMethod? method) =>
        method switch
        {
            null => Method.Full,
            TrainingMethod.Lora => Method.Lora,
            TrainingMethod.Dpo => Method.Dpo,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static void Belongs(FieldReader? field, bool belongs, string owners, Method method)
    {
        if (!belongs)
            field?.Fail($"this is a key of {owners}, and the method is {Keywords.Methods.Of(method)}");
    }
}
