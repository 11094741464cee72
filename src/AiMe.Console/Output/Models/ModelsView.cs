using System.Collections.Immutable;
using System.Globalization;
using AiMe.Console.Output.Comparison;
using AiMe.Faculties;
using AiMe.Faculties.Trainer;
using AiMe.Lab.Analysis.Lineage;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiMe.Console.Output.Models;

/// <summary>Prints lineages: a tree of models for each run, and the base models of the store.</summary>
internal static class ModelsView
{
    private const int FewInstances = 3;

    /// <summary>Meaning of the columns.</summary>
    public const string Legend =
        "made: instance and round. n: examples, or pairs. loss: at the start and at the end of the training. held-out: "
        + "cross-entropy of the base and of this model on text excluded from training. Losses are in nats per token, for "
        + "preferences in nats per pair. drift: bare identity drift from generation 0, bits.";

    /// <summary>Returns the page.</summary>
    /// <param name="models">Base models of the store; empty if only one run or instance was requested.</param>
    /// <param name="runs">The instances of each run.</param>
    public static IRenderable Of(
        IAnsiConsole console,
        string place,
        ImmutableArray<PretrainedModel> models,
        IReadOnlyList<ImmutableArray<InstanceLineage>> runs
    )
    {
        List<IRenderable> parts = [];
        if (!models.IsEmpty)
            parts.AddRange([Heading("base models", $"in {place}"), Models(console, models)]);
        foreach (var instances in runs.Where(r => !r.IsEmpty))
        {
            if (parts.Count > 0)
                parts.Add(new Text(""));
            parts.AddRange([Heading(instances[0].Run, Says(instances)), Tree(console, instances)]);
            parts.AddRange(Without(instances).Select(w => new Text(w, Lines.Dim)));
        }

        if (parts.Count == 0)
            return new Text($"{place} has no model yet.\n");
        if (runs.Any(r => r.Any(l => !l.Checkpoints.IsEmpty)))
            parts.AddRange([new Text(""), new Text(Legend, Lines.Dim)]);
        return new Rows(parts);
    }

    /// <summary>The training method, in one or two words.</summary>
    public static string Method(Checkpoint c) =>
        c.Plan.Method switch
        {
            TrainingMethod.Lora l => $"lora {l.Rank}",
            TrainingMethod.Dpo d => $"dpo {d.Rank}",
            _ => c.Method,
        };

    /// <summary>The state of a checkpoint.</summary>
    public static string Fate(Checkpoint c) =>
        c.Fate switch
        {
            CheckpointFate.Candidate => "being evaluated",
            CheckpointFate.Promoted => "promoted",
            CheckpointFate.RolledBack => "rolled back",
            CheckpointFate.Failed => "not evaluated",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>A figure before and after; a hyphen if it is unknown.</summary>
    public static string Change(double? before, double? after, string format = "0.000") =>
        before is { } b && after is { } a && !double.IsNaN(a) ? $"{Number(b, format)} > {Number(a, format)}" : "-";

    private static string Number(double value, string format) =>
        double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture);

    private static Markup Heading(string what, string how) => new($"[bold]{Markup.Escape(what)}[/]  [dim]{Markup.Escape(how)}[/]");

    private static string Says(ImmutableArray<InstanceLineage> instances)
    {
        var made = instances.SelectMany(l => l.Checkpoints).Select(c => c.Id).Distinct().Count();
        return $"{Lines.Count(instances.Length, "instance")}, {Lines.Count(made, "checkpoint")}";
    }

    private static Table Models(IAnsiConsole console, ImmutableArray<PretrainedModel> models)
    {
        var table = Lines.Table(
            console,
            ("model", false),
            ("preset", false),
            ("parameters", true),
            ("loss", true),
            ("MB", true),
            ("directory", false)
        );
        foreach (var m in models)
            table.AddRow(
                Cell(new ModelId(m.Id).Short),
                Cell(m.Preset),
                Right(Lines.Count(m.Parameters)),
                Right(Lines.Figure(m.Loss)),
                Right(Number(m.Bytes / 1e6, "0.0")),
                Cell(m.Name)
            );
        return table;
    }

    private static Table Tree(IAnsiConsole console, ImmutableArray<InstanceLineage> instances)
    {
        var table = Lines.Table(
            console,
            ("model", false),
            ("made", false),
            ("method", false),
            ("n", true),
            ("loss", true),
            ("held-out", true),
            ("drift", true),
            ("outcome", false)
        );
        table.Columns[^1].NoWrap = false;
        var byHand = instances.Where(l => l.IsByHand).Select(l => l.Instance).ToHashSet(StringComparer.Ordinal);
        foreach (var row in LineageTree.Of(instances).SelectMany(root => root.Rows()))
        {
            var (node, name) = (row.Node, Branch(row.Last, console.Profile.Capabilities.Unicode) + row.Node.Id.Short);
            if (node.Made is not [var first, ..])
            {
                table.AddRow(
                    Cell(name),
                    Cell("generation 0"),
                    Cell(""),
                    Cell(""),
                    Cell(""),
                    Cell(""),
                    Cell(""),
                    Cell(Speaks(node, alone: null, byHand))
                );
                continue;
            }

            table.AddRow(
                Cell(name),
                Cell(
                    CompareCells.Folded(
                        node.Made.Length == 1 ? first.Place : $"{first.Place} +{node.Made.Length - 1}",
                        console.Profile.Width
                    )
                ),
                Cell(Method(first)),
                Right(Lines.Count(first.Figures.Examples)),
                Right(Change(first.Figures.FirstLoss, first.Figures.LastLoss, "0.00")),
                Right(Change(first.Gate?.HeldOutBase, first.Gate?.HeldOut)),
                Right(Lines.Figure(first.Gate?.Drift ?? double.NaN)),
                Cell(string.Join("; ", new[] { Became(first), Speaks(node, first.Instance, byHand) }.Where(t => t.Length > 0)))
            );
        }

        return table;
    }

    private static string Became(Checkpoint c) =>
        c.Fate == CheckpointFate.Promoted || c.Reasons.IsEmpty ? Fate(c) : $"{Fate(c)}: {string.Join("; ", c.Reasons)}";

    private static string Speaks(LineageNode node, string? alone, HashSet<string> byHand) =>
        node.Speaks switch
        {
            [] => "",
            [var only] => $"champion{(only == alone ? "" : $" of {only}")}{(byHand.Contains(only) ? ", set manually" : "")}",
            { Length: > FewInstances } many => $"champion of {many[0]} and {many.Length - 1} more",
            var few => $"champion of {string.Join(", ", few)}",
        };

    // Two columns per generation, so that a long lineage fits.
    private static string Branch(ImmutableArray<bool> last, bool unicode) =>
        last.IsEmpty
            ? ""
            : string.Concat(
                last[..^1]
                    .Select(l =>
                        l ? "  "
                        : unicode ? "│ "
                        : "| "
                    )
            )
                + (
                    last[^1]
                        ? unicode
                            ? "└ "
                            : "` "
                        : unicode
                            ? "├ "
                            : "+ "
                );

    private static IEnumerable<string> Without(ImmutableArray<InstanceLineage> instances) =>
        from round in instances.SelectMany(l => l.Without.Select(w => (l.Instance, w.Round, w.Why)))
        group round by round.Why into why
        let who = why.Select(w => w.Instance).Distinct(StringComparer.Ordinal).ToArray()
        select $"No checkpoint in {Lines.Count(why.Count(), "round")} of "
            + $"{(who.Length > FewInstances ? $"{who[0]} and {who.Length - 1} more" : string.Join(", ", who))}: {why.Key}.";

    private static Text Cell(string text) => new(text);

    private static Text Right(string text) => new Text(text).RightJustified();
}
