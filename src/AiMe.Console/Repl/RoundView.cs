using System.Globalization;
using AiMe.Console.Output;
using AiMe.Faculties.Self;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Runs.Talk;
using Spectre.Console;

namespace AiMe.Console.Repl;

/// <summary>Prints the end of a round.</summary>
internal static class RoundView
{
    /// <summary>Summarizes it in one line.</summary>
    public static string Sentence(RoundReport r) =>
        $"round {r.Round} complete: {TalkText.Count(r.Kept, "experience")} kept, "
        + $"{TalkText.Word(r.Outcome)}{(r.Reasons.IsEmpty ? "" : $" ({string.Join("; ", r.Reasons)})")}";

    public static void Write(IAnsiConsole console, RoundReport r)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        Row("round", Text($"{r.Round}, {TalkText.Count(r.Kept, "experience")} kept for training"));
        if (r.Training is { Steps: TrainingFigures.NotTold } hired)
            Row("trained", $"{TalkText.Count(hired.Examples, "example")}, by an external job");
        else if (r.Training is { } t)
            Row(
                "trained",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{TalkText.Count(t.Examples, t.OfPairs ? "pair" : "example")}, {TalkText.Count(t.Steps, "step")}: loss "
                        + $"{t.FirstLoss:0.000} -> {t.LastLoss:0.000} nats per {(t.OfPairs ? "pair" : "token")}"
                )
            );
        if (r.Gate is { } g)
        {
            Row(
                "gate",
                double.IsNaN(g.HeldOutBase)
                    ? "cross-entropies are unknown: this provider cannot score texts"
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"held-out {g.HeldOutBase:0.000} -> {g.HeldOut:0.000} ({Rise(g.HeldOutBase, g.HeldOut)}), "
                            + $"anchor {g.AnchorBase:0.000} -> {g.Anchor:0.000} ({Rise(g.AnchorBase, g.Anchor)}) nats per token"
                    )
            );
            Row("", Text($"drift {g.Drift:0.000} bits, repeats {g.Repeats:0%}"));
        }

        Row("outcome", TalkText.Word(r.Outcome));
        foreach (var reason in r.Reasons)
            Row("", reason);
        Row("champion", r.Model.Short);
        console.Write(grid);

        void Row(string label, string text) => grid.AddRow(new Text(label, new Style(Color.Blue)), new Text(text));
    }

    private static string Rise(double from, double to) => Text($"{to / from - 1:+0%;-0%;0%}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
