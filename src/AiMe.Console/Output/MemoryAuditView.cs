using AiMe.Console.Output.Comparison;
using AiMe.Lab.Analysis.Memories;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output;

/// <summary>Prints what an audit of memories found: one instance on one page, or a run as a table.</summary>
internal static class MemoryAuditView
{
    /// <summary>Minimum width for the usual columns of a run.</summary>
    private const int Usual = 100;

    /// <summary>The audit of an instance; fits 80 columns and wider.</summary>
    /// <param name="top">Rows of each list.</param>
    public static IRenderable Of(IAnsiConsole console, MemoryAudit audit, int top) =>
        new Rows([
            new Markup(
                $"[bold]Memory of {Markup.Escape(audit.Instance)}[/]  run {Markup.Escape(audit.Run)}, variant "
                    + $"{Markup.Escape(audit.Variant)}, after cycle {audit.Cycle}, generation {audit.Generation}"
            ),
            Lines.Terms(MemoryWords.Facts(audit)),
            .. List(
                console,
                "Most recalled",
                audit.Recall.Reachable.Where(m => m.Recalls > 0).ToList(),
                top,
                [
                    ("id", false, m => m.Id.Value),
                    ("recalls", true, m => Lines.Count(m.Recalls)),
                    ("last", true, m => Lines.Count(m.LastRecall)),
                    ("fate", false, m => m.Fate),
                ],
                m => m.Text
            ),
            .. List(
                console,
                "Exact duplicates",
                audit.Duplicates.Groups,
                top,
                [("ids", false, g => Ids(g.Ids.Select(i => i.Value).ToList()))],
                g => g.Text
            ),
            .. List(
                console,
                "Insights",
                audit.Insights,
                top,
                [
                    ("id", false, i => i.Memory.Id.Value),
                    ("recalls", true, i => Lines.Count(i.Memory.Recalls)),
                    ($"rests on ({MemoryWords.Marks})", false, MemoryWords.Evidence),
                ],
                i => i.Memory.Text
            ),
            .. SelfModel(console, audit, top),
        ]);

    /// <summary>The instances of a run, and its variants.</summary>
    public static IRenderable Of(IAnsiConsole console, string run, IReadOnlyList<MemoryAudit> audits) =>
        new Rows(
            new Markup($"[bold]Memories of {Markup.Escape(run)}[/]  {Lines.Count(audits.Count, "planned instance")}"),
            Table(console, "instance", [.. audits.Select(MemoryTotals.Of)]),
            Table(console, "variant", [.. MemoryTotals.ByVariant(audits)])
        );

    /// <summary>Meaning of the columns of the table of a run.</summary>
    public const string Legend =
        "now: recallable memories. exact, near: duplicates of an earlier memory; near from cosine 0.95 on. same: the same answer to "
        + "another question. again: recalled text stored again by the loop, 0 by construction. repeat: answers that repeat a recalled "
        + "memory. never: never recalled though it could be. Gini, tenth: concentration of recall, and the share of the most recalled "
        + "tenth; of a variant, means. junk: least share of the recallable memories, as far as a program can judge.";

    private static Table Table(IAnsiConsole console, string what, IReadOnlyList<MemoryTotals> rows)
    {
        (int Least, string Header, Func<MemoryTotals, string> Cell)[] known =
        [
            (0, "kept", t => Lines.Count(t.Kept)),
            (Usual, "held", t => Lines.Count(t.Held)),
            (Lines.Wide, "rejected", t => Lines.Count(t.Rejected)),
            (Lines.Wide, "insights", t => Lines.Count(t.Insights)),
            (0, "now", t => Lines.Count(t.Recallable)),
            (0, "exact", t => Lines.Count(t.Exact)),
            (0, "near", t => t.Near is { } near ? Lines.Count(near) : "-"),
            (Usual, "same", t => Lines.Count(t.SameAnswers)),
            (0, "again", t => Lines.Count(t.StoredAgain)),
            (0, "repeat", t => Lines.Count(t.Repeats)),
            (0, "never", t => Lines.Count(t.Never)),
            (Usual, "stale", t => Lines.Count(t.Stale)),
            (0, "Gini", t => MemoryWords.Share(t.Gini)),
            (Usual, "tenth", t => Lines.Percent(t.TopShare)),
            (0, "junk", t => Lines.Percent(t.JunkShare)),
        ];
        (int, string Header, Func<MemoryTotals, string> Cell)[] columns = [.. known.Where(c => console.Profile.Width >= c.Least)];
        var table = Lines.Table(console, [(what, false), .. columns.Select(c => (c.Header, true))]);
        foreach (var row in rows)
            table.AddRow([
                new Text(CompareCells.Folded(row.Name, console.Profile.Width)),
                .. columns.Select(c => new Text(c.Cell(row)).RightJustified()),
            ]);
        return table;
    }

    /// <summary>What a search found, best first.</summary>
    public static IRenderable Of(IAnsiConsole console, MemoryQuery query, IReadOnlyList<MemoryMatch> matches, int top)
    {
        List<(string, bool, Func<MemoryMatch, string>)> columns =
        [
            ("id", false, m => m.Memory.Id.Value),
            ("fate", false, m => m.Memory.Fate),
            ("recalls", true, m => Lines.Count(m.Memory.Recalls)),
        ];
        if (matches.Select(m => m.Instance).Distinct(StringComparer.Ordinal).Skip(1).Any())
            columns.Insert(0, ("instance", false, m => m.Instance));
        return matches.Count == 0
            ? new Rows(new Text("No stored text has a word that begins with one of the search."))
            : new Rows(List(console, "Found", matches, top, columns, m => m.Memory.Text, query.Excerpt));
    }

    private static IEnumerable<IRenderable> List<T>(
        IAnsiConsole console,
        string heading,
        IReadOnlyList<T> items,
        int top,
        IReadOnlyList<(string Header, bool Right, Func<T, string> Cell)> columns,
        Func<T, string> text,
        Func<string, int, string>? cut = null
    )
    {
        if (items.Count == 0)
            yield break;
        T[] shown = [.. items.Take(top)];
        yield return Lines.Heading(
            heading,
            $"{string.Join(", ", columns.Select(c => c.Header))}, text"
                + (shown.Length < items.Count ? $"; {shown.Length} of {Lines.Count(items.Count)}, --all shows the others" : "")
        );
        string[][] cells = [.. shown.Select(s => columns.Select(c => c.Cell(s)).ToArray())];
        int[] widths = [.. columns.Select((_, c) => cells.Max(row => row[c].Length))];
        var room = Math.Max(20, console.Profile.Width - widths.Sum(w => w + 2) - 1);
        for (var i = 0; i < shown.Length; i++)
        {
            var row = cells[i].Select((cell, c) => columns[c].Right ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]));
            yield return new Text($" {string.Join("  ", row)}  {(cut ?? MemoryWords.Beginning)(text(shown[i]), room)}");
        }
    }

    private static IEnumerable<IRenderable> SelfModel(IAnsiConsole console, MemoryAudit audit, int top)
    {
        var changes = audit.SelfModel;
        if (changes.IsEmpty)
            yield break;
        yield return Lines.Heading(
            "Self-model",
            $"{Lines.Count(changes.Length, "change")}{(top < changes.Length ? $"; the last {top}, --all shows the others" : "")}"
        );
        var text = DiffText.For(console);
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(1, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        foreach (var change in changes.TakeLast(top))
            grid.AddRow(new Text(MemoryWords.Of(change), new Style(Color.Blue)), text.Of(change.Edits));
        yield return grid;
    }

    private static string Ids(IReadOnlyList<string> ids) =>
        ids.Count <= 4 ? string.Join(' ', ids) : $"{string.Join(' ', ids.Take(3))} and {Lines.Count(ids.Count - 3)} more";
}
