using AiMe.Lab.Analysis.Diff;
using AiMe.Lab.Analysis.Memories;
using AiMe.Lab.History;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output;

/// <summary>Prints what an audit of memories found: one instance on one page, or a run as a table.</summary>
internal static class MemoryAuditView
{
    private const int Wide = 120;

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
                    ("rests on", false, MemoryWords.Evidence),
                ],
                i => i.Memory.Text
            ),
            .. SelfModel(console, audit, top),
            Lines.Heading("Junk", MemoryWords.OtherSystem),
            new Text(MemoryWords.NotJudged),
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
        "now: recallable memories. exact, near: duplicates of an earlier memory; near from cosine 0.95 on. again: recalled text "
        + "stored again by the loop, 0 by construction. repeat: answers that repeat a recalled memory. never: never recalled though "
        + "it could be. Gini, tenth: concentration of recall, and the share of the most recalled tenth; of a variant, means. junk: "
        + "least share of the recallable memories, as far as a program can judge.";

    private static Table Table(IAnsiConsole console, string what, IReadOnlyList<MemoryTotals> rows)
    {
        (string Header, Func<MemoryTotals, string> Cell)[] columns =
        [
            ("kept", t => Lines.Count(t.Kept)),
            ("held", t => Lines.Count(t.Held)),
            ("rejected", t => Lines.Count(t.Rejected)),
            ("insights", t => Lines.Count(t.Insights)),
            ("now", t => Lines.Count(t.Recallable)),
            ("exact", t => Lines.Count(t.Exact)),
            ("near", t => t.Near is { } near ? Lines.Count(near) : "-"),
            ("again", t => Lines.Count(t.StoredAgain)),
            ("repeat", t => Lines.Count(t.Repeats)),
            ("never", t => Lines.Count(t.Never)),
            ("stale", t => Lines.Count(t.Stale)),
            ("Gini", t => MemoryWords.Share(t.Gini)),
            ("tenth", t => Lines.Percent(t.TopShare)),
            ("junk", t => Lines.Percent(t.JunkShare)),
        ];
        var table = Lines.Table(console, [(what, false), .. columns.Select(c => (c.Header, true))]);
        foreach (var row in rows)
            table.AddRow([new Text(row.Name), .. columns.Select(c => new Text(c.Cell(row)).RightJustified())]);
        return table;
    }

    /// <summary>What a search found, best first.</summary>
    public static IRenderable Of(IAnsiConsole console, IReadOnlyList<MemoryMatch> matches, int top)
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
            ? new Text("No stored text has a word of the search.")
            : new Rows(List(console, "Found", matches, top, columns, m => m.Memory.Text));
    }

    private static IEnumerable<IRenderable> List<T>(
        IAnsiConsole console,
        string heading,
        IReadOnlyList<T> items,
        int top,
        IReadOnlyList<(string Header, bool Right, Func<T, string> Cell)> columns,
        Func<T, string> text
    )
    {
        if (items.Count == 0)
            yield break;
        T[] shown = [.. items.Take(top)];
        yield return Lines.Heading(
            heading,
            $"{string.Join(", ", columns.Select(c => c.Header))}, text{(shown.Length < items.Count ? $"; {shown.Length} of {Lines.Count(items.Count)}, --all shows the others" : "")}"
        );
        string[][] cells = [.. shown.Select(s => columns.Select(c => c.Cell(s)).ToArray())];
        int[] widths = [.. columns.Select((_, c) => cells.Max(row => row[c].Length))];
        var room = Math.Max(20, console.Profile.Width - widths.Sum(w => w + 2) - 1);
        for (var i = 0; i < shown.Length; i++)
        {
            var row = cells[i].Select((cell, c) => columns[c].Right ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]));
            yield return new Text($" {string.Join("  ", row)}  {MemoryWords.Beginning(text(shown[i]), room)}");
        }
    }

    private static IEnumerable<IRenderable> SelfModel(IAnsiConsole console, MemoryAudit audit, int top)
    {
        var changes = audit.SelfModel;
        if (changes.IsEmpty)
            yield break;
        yield return Lines.Heading(
            "Self-model",
            $"{Lines.Count(changes.Length, "change")}{(top < changes.Length ? $"; {top} of them, --all shows the others" : "")}"
        );
        var text = new DiffText(console.Profile.Capabilities.ColorSystem != ColorSystem.NoColors);
        foreach (var change in changes.TakeLast(top))
        {
            yield return new Text($" {MemoryWords.Of(change)}");
            yield return new Padder(text.Of(change.Edits), new Padding(3, 0, 0, 0));
        }
    }

    private static string Ids(IReadOnlyList<string> ids) =>
        ids.Count <= 4 ? string.Join(' ', ids) : $"{string.Join(' ', ids.Take(3))} and {Lines.Count(ids.Count - 3)} more";
}
