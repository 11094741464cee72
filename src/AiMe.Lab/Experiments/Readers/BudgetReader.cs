using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>
/// Reads what a run of a hosted model may cost: <c>budget</c>, and of <c>model</c> the prices and how fast the server may
/// be asked.
/// </summary>
internal static class BudgetReader
{
    /// <summary>What a key of an experiment is for.</summary>
    public const string How =
        "what a run of a hosted model may cost at most, all processes that carry it together; not part of what the "
        + "experiment is, so that it can be raised for a run that has paused";

    private const string Lifted = "none";

    // More than any price or purse, and far from where a sum overflows.
    private static readonly NumberRange Amounts = new(0, 1e9);

    private const string HowPrices = "US dollars for a million tokens, as the server's price list has them; they count for the budget";

    /// <summary>The budget; null where there is no such key.</summary>
    public static Budget? Read(FieldReader? field, BaseModel? model, IEnumerable<VariantPlan> variants)
    {
        if (field is null)
            return null;
        if (model is NanoModel)
            field.Fail("the embedded model costs nothing; expected no such key, or provider: openai");
        if (field.Is(Lifted) && field.Asked is null)
            return Budget.None;
        if (field.Section("usd, tokens or both, or none to lift a budget", or: Lifted) is not { } s)
            return null;
        var usdField = s.Find("usd", "US dollars, at model.prices");
        var usd = (decimal?)usdField?.Real(0, Amounts);
        var tokens = s.Find("tokens", "read, written, embedded and trained on: a whole number, or one with k or M behind it, such as 2M")
            ?.Amount(0);
        s.Find("on-exceed", "what happens when it is used up: the run pauses, and the same command goes on when it is raised")
            ?.Word(Keywords.OnExceed, "pause");
        s.Rule(() => SchemaRules.AnyOf("usd", "tokens"));
        s.Close();
        if (usdField is null && tokens is null && field.Asked is null)
            field.Fail("it bounds nothing; expected usd, tokens or both");
        var prices = (model as OpenAiModel)?.Prices;
        if (usdField is not null && model is OpenAiModel)
            CheckPrices(usdField, prices, variants);
        return new Budget(tokens, usd, prices);
    }

    /// <summary>The prices; null where there are none.</summary>
    public static TokenPrices? Prices(Section model)
    {
        if (model.Find("prices", HowPrices)?.Section() is not { } s)
            return null;
        TokenPrices prices = new(
            Price(s.Need("input", "a price", "of what the model that speaks reads")),
            Price(s.Need("output", "a price", "of what it writes")),
            Price(s.Need("embeddings", "a price", "of what is embedded")),
            Price(s.Find("training", "of what is trained on, every epoch counted; 0 where it is not given"))
        );
        s.Close();
        return prices;
    }

    /// <summary>How fast the server may be asked; null where nothing is said.</summary>
    public static CallLimits? Limits(Section model)
    {
        var requests = model.Find(
            "requests-per-minute",
            "chat and embedding requests that may be made in any minute, by all processes of a run together; no bound where it is not given"
        );
        var tokens = model.Find(
            "tokens-per-minute",
            "likewise of tokens: read and embedded ones, and of an answer as many as it may have; a whole number, or one "
                + "with k or M behind it"
        );
        return requests is null && tokens is null
            ? null
            : new((int?)requests?.Whole(1, 1, int.MaxValue), (int?)tokens?.Amount(1, int.MaxValue));
    }

    private static decimal Price(FieldReader? field) => (decimal)(field?.Real(0, Amounts) ?? 0);

    private static void CheckPrices(FieldReader usd, TokenPrices? prices, IEnumerable<VariantPlan> variants)
    {
        if (prices is null)
            usd.Fail(
                "dollars are counted at model.prices, which are missing; expected model.prices: {input, output, "
                    + "embeddings}, or budget.tokens"
            );
        else if (prices.Training == 0 && variants.Any(v => v.Trainer is { Train: true, Backend: ExternalTraining.FineTuningApi }))
            usd.Fail(
                "training jobs are paid for too, and model.prices names no price of training; expected "
                    + "model.prices.training, or budget.tokens"
            );
    }
}
