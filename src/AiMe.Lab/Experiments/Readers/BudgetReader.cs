using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Runs.Judges;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads the budget of a run of a hosted model, and the prices and rate limits of <c>model</c>.</summary>
internal static class BudgetReader
{
    /// <summary>Description of the key.</summary>
    public const string How =
        "upper limit of a run's cost with a hosted model, over all processes that host it; not part of the "
        + "experiment's identity, so that it can be raised for a paused run";

    private const string Lifted = "none";

    // Above any real price or budget, and far below overflow of a sum.
    private static readonly NumberRange Amounts = NumberRange.UpTo(1e9);

    private const string HowPrices = "US dollars for a million tokens, from the server's price list; used to count the budget";

    /// <summary>The budget; null if the key is missing.</summary>
    public static Budget? Read(FieldReader? field, BaseModel? model, IEnumerable<VariantPlan> variants)
    {
        if (field is null)
            return null;
        var judges = JudgeClients.In(variants.Select(v => v.Curate));
        if (model is NanoModel && judges.IsEmpty)
            field.Fail("the embedded model costs nothing; remove the key, or set provider: openai");
        if (model is DistributionModel && judges.IsEmpty)
            field.Fail("a distribution costs nothing; remove the key");
        if (field.Is(Lifted) && field.Asked is null)
            return Budget.None;
        if (field.Section("usd, tokens or both, or none to lift a budget", or: Lifted) is not { } s)
            return null;
        var usdField = s.Find("usd", "US dollars, at model.prices");
        var usd = (decimal?)usdField?.Real(0, Amounts);
        var tokens = s.Find("tokens", "tokens of all kinds: a whole number, optionally followed by k or M, such as 2M")?.Amount(0);
        s.Find("on-exceed", "what happens when it is used up: the run pauses; raise the budget and run the same command to resume")
            ?.Word(Keywords.OnExceed, "pause");
        s.Rule(() => SchemaRules.AnyOf("usd", "tokens"));
        s.Close();
        if (usdField is null && tokens is null && field.Asked is null)
            field.Fail("it sets no limit; expected usd, tokens or both");
        var prices = (model as OpenAiModel)?.Prices;
        if (usdField is not null && model is OpenAiModel)
            CheckPrices(usdField, prices, variants);
        if (usdField is not null && judges.FirstOrDefault(j => j.Connection?.Prices is null) is { } unpriced)
            usdField.Fail(
                $"dollars are counted with prices, and the judge {unpriced.Chat} has none; expected prices: {{input, output}} in its "
                    + "model, or budget.tokens"
            );
        return new Budget(tokens, usd, prices);
    }

    /// <summary>The prices; null if there are none.</summary>
    public static TokenPrices? Prices(Section model)
    {
        if (model.Find("prices", HowPrices)?.Section() is not { } s)
            return null;
        TokenPrices prices = new(
            Price(s.Need("input", "a price", "input tokens of the chat model")),
            Price(s.Need("output", "a price", "output tokens of the chat model")),
            Price(s.Need("embeddings", "a price", "embedded tokens")),
            Price(s.Find("training", "training tokens over all epochs; 0 by default"))
        );
        s.Close();
        return prices;
    }

    /// <summary>The prices of a judge's own model; null if there are none.</summary>
    public static TokenPrices? JudgePrices(Section model)
    {
        if (model.Find("prices", HowPrices)?.Section() is not { } s)
            return null;
        TokenPrices prices = new(
            Price(s.Need("input", "a price", "input tokens of the judge")),
            Price(s.Need("output", "a price", "output tokens of the judge")),
            Embeddings: 0,
            Training: 0
        );
        s.Close();
        return prices;
    }

    /// <summary>The rate limits; null if there are none.</summary>
    public static CallLimits? Limits(Section model)
    {
        var requests = model.Find(
            "requests-per-minute",
            "chat and embedding requests in any minute, over all processes of a run; no limit by default"
        );
        var tokens = model.Find(
            "tokens-per-minute",
            "tokens in any minute: read and embedded ones, and the token limit of each answer; a whole number, optionally "
                + "followed by k or M"
        );
        return requests is null && tokens is null
            ? null
            : new((int?)requests?.Whole(1, 1, PlanLimits.RequestsPerMinute), (int?)tokens?.Amount(1, digits: 9));
    }

    private static decimal Price(FieldReader? field) => (decimal)(field?.Real(0, Amounts) ?? 0);

    private static void CheckPrices(FieldReader usd, TokenPrices? prices, IEnumerable<VariantPlan> variants)
    {
        if (prices is null)
            usd.Fail(
                "dollars are counted with model.prices, which is missing; expected model.prices: {input, output, "
                    + "embeddings}, or budget.tokens"
            );
        else if (prices.Training == 0 && variants.Any(v => v.Trainer is { Train: true, Backend: ExternalTraining.FineTuningApi }))
            usd.Fail(
                "training jobs cost money too, and model.prices has no training price; expected "
                    + "model.prices.training, or budget.tokens"
            );
    }
}
