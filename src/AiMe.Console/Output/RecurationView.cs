using System.Collections.Immutable;
using System.Globalization;
using AiMe.Console.Output.Comparison;
using AiMe.Faculties.Curation;
using AiMe.Lab.Analysis.Recuration;
using AiMe.Lab.History;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Prints instances under several policies.</summary>
internal static class RecurationView
{
    public static void Write(IAnsiConsole console, RecurationReport recuration)
    {
        var own = recuration.Outcomes[0];
        var (instances, judged) = (Lines.Count(own.Instances.Length, "instance"), Lines.Count(own.Judged, "experience"));
        console.MarkupLineInterpolated($"[bold]{instances}[/]  {judged} judged again, without a model");
        var wide = recuration.Outcomes.Max(o => o.Policy.Name.Length) > LongestName;
        if (wide || recuration.Outcomes.Any(o => o.Policy.Rules is not null))
            console.Write(
                Lines.Terms(
                    recuration.Outcomes.Select(
                        (o, i) =>
                            (
                                Name(o, i),
                                o.Policy.Rules is { } rules
                                    ? PolicyWords.Keeping(rules)
                                    : "the recorded verdicts: each instance by its own policy"
                            )
                    )
                )
            );
        console.Write(Lines.Heading("Kept", "overlap: Jaccard index of the kept sets, recorded and new"));
        console.WriteLine();
        console.Write(Overlap(console, recuration));
        console.Write(Lines.Heading("Kept experiences as training data", "in parentheses: the change from the recorded set"));
        console.WriteLine();
        Sheet.Write(
            console,
            new SheetColumn("", [.. DatasetFigures.All.Select(s => new Figure(s.Title))]),
            [.. recuration.Outcomes.Select((o, i) => Column(o, i))]
        );
        foreach (var sentence in Sentences(recuration))
            console.WriteLine(sentence);
    }

    private const int LongestName = 16;

    private static Table Overlap(IAnsiConsole console, RecurationReport recuration)
    {
        var table = Lines.Table(
            console,
            ("policy", false),
            ("judged", true),
            ("kept", true),
            ("share", true),
            ("overlap", true),
            ("both", true),
            ("only recorded", true),
            ("only new", true)
        );
        foreach (var (o, i) in recuration.Outcomes.Select((o, i) => (o, i)))
        {
            table.AddRow(
                new Text(Name(o, i)),
                Right(Lines.Count(o.Judged)),
                Right(Lines.Count(o.Kept)),
                Right(Lines.Percent(o.Share)),
                Right(double.IsNaN(o.Jaccard) ? "-" : o.Jaccard.ToString("0.00", CultureInfo.InvariantCulture)),
                Right(Lines.Count(o.Both)),
                Right(Lines.Count(o.OnlyThen)),
                Right(Lines.Count(o.OnlyNow))
            );
        }

        return table;
    }

    private static SheetColumn Column(PolicyOutcome outcome, int i) =>
        new(
            Name(outcome, i),
            [
                .. DatasetFigures.All.Select(s => new Figure(
                    s == DatasetFigures.Correctness ? Solved(outcome.Figures) : Show(s, s.Of(outcome.Figures)),
                    i == 0 ? "" : Change(s, s.Of(outcome.Figures) - s.Of(outcome.Then))
                )),
            ]
        );

    private static string Solved(DatasetFigures figures) => figures.Problems is { Checkable: > 0 } p ? $"{p.Solved} of {p.Checkable}" : "-";

    // A policy given as rules is named by its position; the rules are listed above.
    private static string Name(PolicyOutcome outcome, int i) =>
        outcome.Policy == NamedPolicy.Own ? "recorded"
        : outcome.Policy.Name.Length <= LongestName ? outcome.Policy.Name
        : $"policy {i}";

    private static string Change(DatasetFigures.Statistic statistic, double difference) =>
        double.IsNaN(difference) ? "" : $"({(difference > 0 ? "+" : "")}{Show(statistic, difference)})";

    private static string Show(DatasetFigures.Statistic statistic, double value) =>
        double.IsNaN(value)
            ? "-"
            : (Math.Round(statistic.Percent ? 100 * value : value, statistic.Decimals) + 0.0).ToString(
                $"N{statistic.Decimals}",
                CultureInfo.InvariantCulture
            ) + (statistic.Percent ? "%" : "");

    private static IEnumerable<string> Sentences(RecurationReport recuration)
    {
        foreach (var (o, i) in recuration.Outcomes.Select((o, i) => (o, i)).Where(o => !o.o.Apart.IsEmpty))
        {
            ImmutableArray<string> scores = [.. o.Apart.SelectMany(a => a.Missing).Distinct()];
            yield return $"{Name(o, i)} excludes {Lines.Count(o.Apart.Length)} of "
                + $"{Lines.Count(o.Apart.Length + o.Instances.Length, "instance")}: their experiences have no recorded "
                + $"{string.Join(" or ", scores)}. Its figures describe the others.";
        }

        if (recuration.Outcomes[0].Held > 0)
            yield return $"{Lines.Count(recuration.Outcomes[0].Held, "experience")} held for review "
                + $"{(recuration.Outcomes[0].Held == 1 ? "remains" : "remain")} held.";
        yield return $"distinct-2 is computed on the first {Lines.Count(recuration.WordBudget)} words of each set. Novelty is "
            + "relative to all earlier answers, kept or not.";
        yield return "The answers are the recorded ones: a model trained on another set would have answered differently. "
            + "To run that experiment, use `aime fork`.";
    }

    private static Text Right(string text) => new Text(text).RightJustified();
}
