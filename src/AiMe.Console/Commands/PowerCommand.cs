using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Corpora;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Power;
using AiMe.Metrics.Statistics;

namespace AiMe.Console.Commands;

/// <summary><c>aime power</c>: what a later run can show, forecast from the scatter of a pilot.</summary>
internal static class PowerCommand
{
    private const double LeastDifference = 1e-9;
    private const double MostDifference = 1e9;
    private const double LeastPower = 0.5;
    private const double MostPower = 0.999;

    public static Command Create()
    {
        var what = new Argument<string?>("run|experiment")
        {
            Description =
                "The pilot, named as for compare: the forecast is for its own analysis. Or an experiment file or shipped experiment: its "
                + "analysis and replicates count, and the pilot is the newest finished run of that name. Optional if the store has one run",
            Arity = ArgumentArity.ZeroOrOne,
        };
        what.CompletionSources.Add(Completions.Runs);
        what.CompletionSources.Add(Completions.Experiments);
        var store = SharedOptions.StoreOption();
        var replicates = ReplicatesOption();
        var difference = NumberOption(
            "--difference",
            "Also the replicates that this difference needs, in the unit of the measure, such as 0.02 or 5%; default: the declared "
                + "smallest effect",
            "d",
            LeastDifference,
            MostDifference
        );
        var power = NumberOption(
            "--power",
            "The wanted probability of a significant result; default: 0.8",
            "probability",
            LeastPower,
            MostPower
        );
        var measures = new Option<string[]>("--measure")
        {
            Description =
                "Only these measures, separated by commas; one of which nothing is declared is explored over all pairs of trained "
                + $"variants: {Measure.Names}",
            HelpName = "measures",
        };
        var json = SharedOptions.JsonOption("One JSON object: every test with its forecast");
        var command = new Command(
            "power",
            "Forecast from a pilot's scatter which difference a number of replicates can show, and how many a difference needs"
        )
        {
            what,
            store,
            replicates,
            difference,
            power,
            measures,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                ImmutableArray<Measure> chosen = [.. Measures(parsed.GetValue(measures) ?? [])];
                var (pilot, planned) = await Pilots.OfAsync(
                    parsed.GetRequiredValue(store),
                    parsed.GetValue(what),
                    chosen,
                    cancellationToken
                );
                ImmutableArray<int> asked = [.. parsed.GetValue(replicates) ?? []];
                var goal = new PowerGoal(
                    asked.IsEmpty ? [Math.Min(planned.Replicates, PairedPower.MostReplicates)] : asked,
                    parsed.GetValue(difference),
                    parsed.GetValue(power) ?? PowerGoal.Usual
                );
                var forecast = PowerForecast.Of(pilot, planned, chosen, goal);
                if (parsed.GetResult(difference)?.Tokens is [{ Value: var given }] && given.EndsWith('%'))
                    RefusePercentage(given, forecast);
                if (parsed.GetValue(json))
                    TerminalWriter.Json(PowerOutput.Of(forecast));
                else
                    PowerView.Write(TerminalWriter.Output, forecast);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static IEnumerable<Measure> Measures(string[] texts) =>
        texts
            .SelectMany(t => t.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(name =>
                Measure.Find(name)
                ?? throw new UsageException(
                    $"--measure: found '{name}', expected a measure: "
                        + $"{Measure.Names}{Nearest.Hint(name, [.. Measure.All.Select(m => m.Key)])}"
                )
            )
            .Distinct();

    // As in an experiment file: 5% of a measure in bits would silently be 0.05 bits.
    private static void RefusePercentage(string given, PowerForecast forecast)
    {
        string[] others =
        [
            .. forecast
                .Tests.Where(t => TestForecast.IsForecast(t.Test) && !t.Test.Measure.Percent)
                .Select(t => t.Test.Measure.Key)
                .Distinct(StringComparer.Ordinal),
        ];
        if (others.Length > 0)
            throw new UsageException(
                $"--difference: found '{given}', but {string.Join(", ", others)} {(others.Length == 1 ? "is" : "are")} not a percentage; "
                    + "expected a number, or --measure with percentages alone"
            );
    }

    private static Option<int[]?> ReplicatesOption() =>
        new("--replicates")
        {
            Description = "Planned numbers of replicates, separated by commas, such as 8,16,32; default: those of the plan",
            HelpName = "n[,n...]",
            CustomParser = result =>
            {
                List<int> numbers = [];
                foreach (var text in (result.Tokens is [var token] ? token.Value : "").Split(',', StringSplitOptions.TrimEntries))
                {
                    if (
                        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                        && n is >= 2 and <= PairedPower.MostReplicates
                    )
                    {
                        numbers.Add(n);
                        continue;
                    }

                    result.AddError(
                        $"--replicates: found '{text}', expected whole numbers from 2 to {PairedPower.MostReplicates}, such as 8,16,32"
                    );
                    return null;
                }

                return [.. numbers.Distinct()];
            },
        };

    /// <summary>An option that takes a number, or a percentage; null if it is not given.</summary>
    internal static Option<double?> NumberOption(string name, string what, string form, double least, double most) =>
        new(name)
        {
            Description = what,
            HelpName = form,
            CustomParser = result =>
            {
                var text = result.Tokens is [var token] ? token.Value : "";
                var percent = text.EndsWith('%');
                if (
                    double.TryParse(text.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    && (percent ? number / 100 : number) is var value
                    && value >= least
                    && value <= most
                )
                    return value;
                result.AddError($"{name}: found '{text}', expected a number from {Text(least)} to {Text(most)}");
                return null;
            },
        };

    private static string Text(double bound) => bound.ToString("0.#########", CultureInfo.InvariantCulture);
}
