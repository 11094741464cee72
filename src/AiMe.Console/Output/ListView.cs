using AiMe.Console.Output.Comparison;
using AiMe.Corpora;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output;

/// <summary>Prints runs and their instances.</summary>
internal static class ListView
{
    private const int Roomy = 100;
    private const int NoSelf = 24;

    /// <summary>A column: its heading, whether it is right-aligned, and its cell.</summary>
    private sealed record Column(string Header, bool Right, Func<ListRow, string> Cell);

    /// <summary>A page of runs, each with its instances.</summary>
    public static IRenderable Of(IAnsiConsole console, IReadOnlyList<(RunStatus Run, IReadOnlyList<ListRow> Rows)> runs)
    {
        List<IRenderable> parts = [];
        foreach (var (run, rows) in runs)
        {
            if (parts.Count > 0)
                parts.Add(new Text(""));
            parts.Add(new Markup($"[bold]{Markup.Escape(run.Plan.Run)}[/]  {Markup.Escape(RunWords.InOneLine(run))}"));
            parts.Add(new Text(DistinctSettings.Words(run.Settings), Lines.Dim));
            parts.Add(rows.Count == 0 ? new Text("No instance matches the filter.") : Instances(console, rows));
        }

        return new Rows(parts);
    }

    /// <summary>The table of some instances.</summary>
    public static Table Instances(IAnsiConsole console, IReadOnlyList<ListRow> rows)
    {
        var columns = Columns(console.Profile.Width, figures: rows.Any(r => r.Glance is not null)).ToArray();
        var table = Lines.Table(console, [.. columns.Select(c => (c.Header, c.Right))]);
        foreach (var row in rows)
            table.AddRow(columns.Select(IRenderable (c) => c.Right ? new Text(c.Cell(row)).RightJustified() : new Text(c.Cell(row))));
        return table;
    }

    /// <summary>Meaning of the columns.</summary>
    public const string Legend =
        "gen: last generation. drift: its bare identity drift from generation 0, bits. done: completed experiences. "
        + "kept: share kept for training. model: the champion's id; by hand: set manually; the figures describe the "
        + "previous model.";

    private static IEnumerable<Column> Columns(int width, bool figures)
    {
        var id = width >= Roomy ? 12 : 8;
        yield return new("instance", false, r => CompareCells.Folded(r.Instance.Name, width));
        yield return new("gen", true, r => r.Instance.Generation < 0 ? "-"
            : r.Instance.Generation > r.Plan.Rounds ? $"{r.Instance.Generation}"
            : $"{r.Instance.Generation}/{r.Plan.Rounds}");
        if (figures)
            yield return new("drift", true, r => Lines.Figure(r.Glance!.BareDrift));
        if (figures && width >= Lines.Wide)
        {
            yield return new("agent drift", true, r => Lines.Figure(r.Glance!.AgentDrift));
            yield return new("held-out CE", true, r => Lines.Figure(r.Glance!.HeldOut));
        }

        yield return new("done", true, r =>
            $"{Lines.Count(r.Instance.OnPlan)}/{Lines.Count(r.Plan.Cycles)}"
            + (r.Instance.Unplanned > 0 ? $"+{Lines.Count(r.Instance.Unplanned)}" : "")
        );
        if (figures)
        {
            yield return new("kept", true, r => Lines.Percent(r.Glance!.KeptShare));
            yield return new("model", false, r =>
                (id < 64 ? r.Glance!.Champion?.Short ?? "-" : Short(r.Glance!.Champion?.Value, id))
                + (r.Glance!.IsByHand ? "\nby hand" : "")
            );
        }

        yield return new("status", false, r => r.IsElsewhere ? "not here" : RunWords.Of(r.Instance.Status));
        yield return new("digest", false, r => Short(r.Digest, id));
        if (figures && width >= Lines.Wide)
            yield return new("self-model", false, r => Cut(r.Glance!.SelfModel, NoSelf + width - Lines.Wide));
    }

    private static string Short(string? text, int length) =>
        text is null ? "-"
        : text.Length > length ? text[..length]
        : text;

    private static string Cut(string text, int length) => TextCut.Marked(text, length);
}
