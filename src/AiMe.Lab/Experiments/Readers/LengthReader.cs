using AiMe.Faculties.Trainer;
using AiMe.Lab.Experiments.Schema;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads how long each training is: <c>train.epochs</c>, or a budget in steps, examples or tokens.</summary>
internal static class LengthReader
{
    private const string Epochs = "epochs",
        Steps = "steps",
        Examples = "examples",
        Tokens = "tokens";

    private const int MostSteps = 1_000_000,
        MostExamples = 10_000_000,
        DigitsOfTokens = 9;

    private static readonly string[] Keys = [Epochs, Steps, Examples, Tokens];

    /// <summary>The epochs and no budget, or no epochs and the budget; the fallback's if no key is given.</summary>
    /// <param name="backend">The external training, if any.</param>
    /// <param name="inherited">The external training of the fallback.</param>
    public static (int Epochs, TrainingBudget? Budget) Read(
        Section s,
        (int Epochs, TrainingBudget? Budget) fallback,
        ExternalTraining? backend,
        ExternalTraining? inherited
    )
    {
        var epochs = s.Find(
            Epochs,
            "passes over the training set, so that a larger set is trained on longer; at most one of epochs, steps, examples and tokens",
            fallback.Epochs
        );
        var steps = s.Find(Steps, "budget of each training, in place of epochs: exactly so many optimiser steps");
        var examples = s.Find(
            Examples,
            "budget of each training, in place of epochs: exactly so many passes of an example, or of a pair under dpo. A larger set is "
                + "sampled without replacement, a smaller one repeated"
        );
        var tokens = s.Find(
            Tokens,
            "budget of each training, in place of epochs: examples until their tokens, prompts included, reach so many; a whole number, "
                + "optionally followed by k or M, such as 20k"
        );
        s.Rule(() => SchemaRules.AtMostOne(Keys));
        FieldReader[] given = [.. ((FieldReader?[])[epochs, steps, examples, tokens]).OfType<FieldReader>()];
        // A placeholder has all keys.
        if (given.Length > 1 && given[0].Asked is null)
            given[1].Fail($"{KeyOf(given[0])} and {KeyOf(given[1])} are both given; expected one length of a training: remove one");

        (int Epochs, TrainingBudget? Budget) read = fallback;
        if (epochs is not null)
            read = ((int)epochs.Whole(fallback.Epochs, 1, 1000), null);
        if (steps is not null)
            read = (0, new(BudgetUnit.Steps, steps.Whole(1, 1, MostSteps)));
        if (examples is not null)
            read = (0, new(BudgetUnit.Examples, examples.Whole(1, 1, MostExamples)));
        if (tokens is not null)
            read = (0, new(BudgetUnit.Tokens, tokens.Amount(1, DigitsOfTokens)));
        if (backend is ExternalTraining.FineTuningApi && read.Budget is { } budget && (given.Length > 0 || backend != inherited))
            s.Problems.Fail(
                given.Length > 0 ? given[^1].At : s.At,
                $"{s.Path}.{Keywords.Units.Of(budget.Unit)}",
                "the fine-tuning API counts only in epochs; expected epochs, or backend command, which is told any budget"
            );
        return read;
    }

    /// <summary>
    /// A mapping to which <c>--set</c> adds a key: the file's other length goes, so that the new one replaces it.
    /// </summary>
    public static MappingNode Replacing(MappingNode train, string key) =>
        Keys.Contains(key)
            ? train with
            {
                Entries = train.Entries.RemoveAll(e => e.Key != key && Keys.Contains(e.Key) && !e.At.IsSet),
            }
            : train;

    private static string KeyOf(FieldReader field) => field.Path[(field.Path.LastIndexOf('.') + 1)..];
}
