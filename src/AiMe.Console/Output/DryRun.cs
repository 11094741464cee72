using System.Globalization;
using AiMe.Console.Commands;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Comparison.Treatments;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Forecasts;
using AiMe.Lab.Runs.Spending;
using AiMe.Models;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Prints an estimate of a run.</summary>
internal static class DryRun
{
    /// <param name="power">The line on power; null for none.</param>
    public static int Write(Experiment experiment, Forecast? forecast, PowerLine? power, bool json)
    {
        if (json)
            TerminalWriter.Json(DryRunOutput.Of(experiment, forecast, power));
        else
            Print(experiment, forecast, power);
        return ExitCode.Done;
    }

    private static void Print(Experiment experiment, Forecast? forecast, PowerLine? power)
    {
        var (m, work) = (experiment.Size, Workload.Of(experiment.Plan(default, origin: null)));
        TerminalWriter.Output.WriteLine($"{experiment.RunId} (dry run: nothing is written)");
        var table = new Table()
            .Border(TableBorder.None)
            .HideHeaders()
            .AddColumn(new TableColumn("").NoWrap())
            .AddColumn(new TableColumn("").RightAligned().NoWrap())
            .AddColumn("");
        void Row(string name, string value, string note = "") => table.AddRow(Markup.Escape(name), value, $"[dim]{Markup.Escape(note)}[/]");

        Design(experiment, Row);
        table.AddEmptyRow();
        Row("answers", Number(m.Answers), "including all candidates");
        Row("reflections", Number(m.Reflections));
        Ratings(experiment, Row);
        Row("insights", $"about {Number(work.Insights)}", $"at most {Number(m.InsightsAtMost)}");
        Row("probe questions", Number(m.Probes), "choice probes to the bare model and to the agent, open ones to the agent");
        if (experiment.Model is NanoModel)
            Row("scorings", Number(work.Scorings), "at most; texts that the model scores, for scores, probes and the gate");
        Row("embeddings", $"about {Number(work.Embeddings)}");
        Row(
            m.TrainingsAtMost > 0 && experiment.Model is OpenAiModel ? "training jobs" : "trainings",
            Number(m.TrainingsAtMost),
            "at most; a round that keeps nothing has no training"
        );
        Memories(experiment, Row);
        table.AddEmptyRow();
        if (experiment.Model is OpenAiModel) // typical text lengths are unknown, and the model neither scores nor is trained here
            Row("tokens of texts", $"at most {Number(work.SampledAtMost)}", "sampled; prompts and answers to choice probes are extra");
        else if (experiment.Model is DistributionModel drawn)
            Distribution(work.Of(drawn, experiment.Plan(default, origin: null)), Row);
        else
            Row(
                "tokens sampled",
                $"about {Number(Math.Min(Rounded(work.Sampled), work.SampledAtMost))}",
                $"at most {Number(work.SampledAtMost)}"
            );
        if (experiment.Model is OpenAiModel && m.TrainingsAtMost > 0)
            Row(
                "tokens trained on",
                $"at most about {Number(Rounded(Workload.TrainedOutsideAtMost(experiment.Plan(default, origin: null))))}",
                "at four characters per token, over all epochs, if everything is kept"
            );
        if (experiment.Model is OpenAiModel costs && HostedCosts.Of(experiment, costs) is var (least, most))
        {
            Row(
                "total tokens",
                $"{Number(Rounded(least.Total))} to {Number(Rounded(most.Total))}",
                "at four characters per token: from short texts with log-probabilities to long ones without"
            );
            if (costs.Prices is not null)
                Row("cost", $"{Usd(least, costs.Prices)} to {Usd(most, costs.Prices)} USD", "of these tokens, at model.prices");
            if (experiment.Budget is { } bound && SpendingWords.Of(bound) is { } budget)
                Row(
                    "budget",
                    budget,
                    bound.Holds(UsageMeter.CostOf(least, costs.Prices))
                        ? "the run pauses when it is used up"
                        : "below the lower estimate: the run will pause"
                );
            if (Pace(experiment, costs, least) is { } minutes)
                Row("time", $"at least {Time(60 * minutes)}", "at the server's rate limits");
        }

        JudgeTokens(experiment, Row);
        if (experiment.Model is NanoModel)
            Row("tokens trained on", $"about {Number(Rounded(work.Trained))}", $"at most about {Number(Rounded(work.TrainedAtMost))}");
        if (forecast is not null)
        {
            table.AddEmptyRow();
            Row("journal", Text(forecast.JournalBytes, Size));
            Row("blobs", Text(forecast.BlobBytes, Size), "checkpoints and training sets");
            var trains = forecast.BaseSeconds.High > 0;
            if (trains)
                Row("base model", Text(forecast.BaseSeconds, Time), "trained first: this store does not have this experiment's");
            Row("time", Text(forecast.SecondsInAll, Time), $"{(trains ? "in all, " : "")}from {forecast.From}");
        }

        TerminalWriter.Output.Write(table);
        foreach (var line in DesignLines.Of(experiment))
            TerminalWriter.Output.WriteLine(line);
        if (power is not null)
            WritePower(power);
        TerminalWriter.Output.WriteLine(
            experiment.Model switch
            {
                NanoModel nano => $"Model: the embedded nano, {NanoWords.Of(nano)}{OwnModels(experiment)}: "
                    + (JudgeCosts.Of(experiment).IsEmpty ? "no network, no cost." : "no cost; its judges are asked over the network."),
                DistributionModel d => $"Model: {Words(d.Shape.Dimensions, d.Shape.Categories)}: no network, no cost.",
                OpenAiModel hosted => Hosted(hosted, HostedCalls.Of(experiment, hosted), m.TrainingsAtMost),
                _ => throw new System.Diagnostics.UnreachableException(),
            }
        );
    }

    private static string OwnModels(Experiment experiment) =>
        string.Concat(experiment.Variants.Where(v => v.Model is not null).Select(v => $", and {v.Model!.Preset} for {v.Name}"));

    private static void Distribution(Workload work, Action<string, string, string> row)
    {
        row("numbers drawn", Number(work.Sampled), "in answers, including all candidates");
        row("numbers fitted to", $"about {Number(Rounded(work.Trained))}", $"at most about {Number(Rounded(work.TrainedAtMost))}");
    }

    /// <summary>A distribution in words.</summary>
    public static string Words(int dimensions, int? categories) =>
        categories is { } k
            ? string.Create(CultureInfo.InvariantCulture, $"{dimensions:N0} distributions over {k:N0} categories")
            : string.Create(CultureInfo.InvariantCulture, $"{dimensions:N0} normal distributions");

    private static void Design(Experiment experiment, Action<string, string, string> row)
    {
        row(
            "instances",
            Number(experiment.Size.Instances),
            $"{Lines.Count(experiment.Variants.Length, "variant")} x {UnitWords.Size(experiment.Plan(default, origin: null))}"
        );
        row("experiences each", Number(experiment.Size.Cycles), "including drives");
        row("rounds each", Number(experiment.Size.Rounds), $"of {experiment.Every} experiences");
        foreach (var treatment in Treatment.All(experiment.Plan(default, origin: null)))
            row("intervention", "", treatment.Sentence);
    }

    private static void Memories(Experiment experiment, Action<string, string, string> row)
    {
        Held(experiment, row);
        if (experiment.Index is { } index)
            row(
                "memory index",
                index.Store.Kind,
                $"{(index.Store.IsExact ? "exact" : "approximate")}, at {index.Store.Place}; if it does not answer, "
                    + (index.Waits ? "searches wait for it" : "the embedded scan does")
            );
    }

    private static void Held(Experiment experiment, Action<string, string, string> row)
    {
        if (HeldForecast.Of(experiment.Plan(default, origin: null)) is { } held)
            row(
                "held for people",
                $"{(held.About is { } about ? "about" : "at most")} {Number(held.About ?? held.AtMost)}",
                $"{(held.Waits ? "rounds wait for their verdicts" : "rounds wait for nobody")}; "
                    + $"{Lines.Count(held.AnswersEach, "answer")} each"
            );
    }

    private static void Ratings(Experiment experiment, Action<string, string, string> row)
    {
        foreach (var judge in JudgeCosts.Of(experiment))
            row(
                "ratings",
                $"at most {Number(judge.Calls)}",
                judge.Model is { } own ? $"by {own.Chat} at {own.BaseUrl}" : "by the run's model, included in its tokens and cost"
            );
    }

    // What judges with a model of their own add; a run of the embedded model has a budget only for them.
    private static void JudgeTokens(Experiment experiment, Action<string, string, string> row)
    {
        foreach (var judge in JudgeCosts.Of(experiment).Where(j => j.Model is not null))
        {
            row(
                "judge's tokens",
                $"{Number(Rounded(judge.Least.Total))} to {Number(Rounded(judge.Most.Total))}",
                $"of {judge.Model!.Chat}: from short texts to long ones"
            );
            if (judge.PricesIn(experiment) is { } prices)
                row("judge's cost", $"{Usd(judge.Least, prices)} to {Usd(judge.Most, prices)} USD", "of these tokens, at its prices");
        }

        if (experiment.Model is NanoModel && experiment.Budget is { } cap && SpendingWords.Of(cap) is { } words)
            row("budget", words, "the run pauses when it is used up");
    }

    // A sentence is wrapped; a command is not, so that it can be copied.
    private static void WritePower(PowerLine power)
    {
        TerminalWriter.Output.WriteLine(power.Text);
        if (power.Command is { } command)
            TerminalWriter.Line($"  {command}");
    }

    // Minutes imposed by the rate limits alone; null without limits.
    private static double? Pace(Experiment experiment, OpenAiModel model, TokenUse least) =>
        model.Limits is not { } limits
            ? null
            : Math.Max(
                limits.RequestsPerMinute is { } requests ? HostedCalls.Of(experiment, model).Least / requests : 0,
                limits.TokensPerMinute is { } tokens ? (double)(least.Total - least.Trained) / tokens : 0
            );

    private static string Usd(TokenUse use, TokenPrices prices) =>
        Math.Round(UsageMeter.CostOf(use, prices).Usd, 4).ToString("0.00##", CultureInfo.InvariantCulture);

    private static string Hosted(OpenAiModel model, (double Least, double Most) calls, long jobs) =>
        $"Model: {model.Chat}{(model.Embedder is null ? $" and {model.Embeddings}" : "")} "
        + $"at {model.BaseUrl}, which may be charged. About {Number(calls.Least)} chat "
        + $"requests if the server returns log-probabilities, otherwise about {Number(calls.Most)}; "
        + $"the bare model is probed once for all instances{(jobs > 0 ? ", and each candidate once" : "")}. Repeated "
        + "requests after failures are not included."
        + (jobs > 0 ? $" Up to {Number(jobs)} training jobs, which may be charged too: each is submitted at most once." : "");

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(Bounds bounds, Func<double, string> unit) =>
        unit(bounds.Low) is var low && unit(bounds.High) is var high && low == high ? low : $"{low} to {high}";

    // Two digits: an estimate has no higher precision.
    private static double Rounded(double value)
    {
        var step = value < 100 ? 1 : Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return Math.Round(value / step) * step;
    }

    private static string Size(double bytes) =>
        bytes switch
        {
            < 1e6 => $"{Number(Rounded(bytes / 1e3))} kB",
            < 1e7 => $"{(bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture)} MB",
            < 1e9 => $"{Number(Rounded(bytes / 1e6))} MB",
            _ => $"{(bytes / 1e9).ToString("0.#", CultureInfo.InvariantCulture)} GB",
        };

    private static string Time(double seconds) =>
        seconds switch
        {
            < 1 => "1 s",
            < 120 => $"{Number(Rounded(seconds))} s",
            < 7200 => $"{Number(Rounded(seconds / 60))} min",
            _ => $"{Number(Rounded(seconds / 3600))} h",
        };
}
