using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using AiMe.Faculties;
using AiMe.Lab.Analysis.Comparison.Tables;
using AiMe.Lab.Analysis.Lineage;
using AiMe.Web.Charts;

namespace AiMe.Web.Report;

/// <summary>Lineage trees: a chart and the numbers behind it.</summary>
public static class LineageFigure
{
    /// <summary>The chart of some instances: a row each, a column a generation, an edge from each checkpoint to its parent.</summary>
    /// <param name="variantOf">The variant of an instance.</param>
    public static TreeData Chart(
        IReadOnlyList<InstanceLineage> lineages,
        int generations,
        Func<string, string> variantOf,
        ImmutableDictionary<string, SeriesStyle> styles
    )
    {
        List<TreeNode> nodes = [];
        for (var row = 0; row < lineages.Count; row++)
        {
            var lineage = lineages[row];
            var placed = new Dictionary<ModelId, int> { [lineage.Base] = nodes.Count };
            nodes.Add(new TreeNode(row, 0, -1, TreeNodeKind.Base, ""));
            foreach (var checkpoint in lineage.Checkpoints)
            {
                placed.TryAdd(checkpoint.Id, nodes.Count);
                nodes.Add(
                    new TreeNode(
                        row,
                        checkpoint.Round,
                        placed.GetValueOrDefault(checkpoint.Parent, -1),
                        checkpoint.Fate is CheckpointFate.RolledBack or CheckpointFate.Failed
                            ? TreeNodeKind.RolledBack
                            : TreeNodeKind.Promoted,
                        checkpoint.Gate is { } gate && !double.IsNaN(gate.Drift)
                            ? gate.Drift.ToString("0.000", CultureInfo.InvariantCulture)
                            : ""
                    )
                );
            }

            nodes.AddRange(lineage.Without.Select(w => new TreeNode(row, w.Round, -1, TreeNodeKind.None, "")));
        }

        var all = lineages.SelectMany(l => l.Checkpoints).ToArray();
        return new TreeData(
            "Lineage of the models",
            $"{all.Length} checkpoints of {lineages.Count} instances: {all.Count(c => c.Fate == CheckpointFate.Promoted)} promoted, "
                + $"{all.Count(c => c.Fate == CheckpointFate.RolledBack)} rolled back, {lineages.Sum(l => l.Without.Length)} rounds "
                + "without a training. Numbers are the gate's bare drift in bits.",
            [.. lineages.Select(l => (l.Instance, styles[variantOf(l.Instance)]))],
            Math.Max(generations, nodes.Max(n => n.Column)) + 1,
            [.. nodes]
        );
    }

    /// <summary>The numbers: a row a checkpoint, or a round without one.</summary>
    public static PlainTable Table(string run, IReadOnlyList<InstanceLineage> lineages) =>
        new(
            ["run", "instance", "round", "model", "parent", "method", "examples", "loss", "held_out", "drift", "fate", "reasons"],
            [
                .. lineages.SelectMany(l =>
                    l.Checkpoints.Select(c => Row(run, c))
                        .Concat(
                            l.Without.Select(w =>
                                (ImmutableArray<string>)
                                    [
                                        run,
                                        l.Instance,
                                        Cells.Of(w.Round),
                                        "",
                                        "",
                                        "",
                                        "",
                                        "",
                                        "",
                                        "",
                                        w.Outcome.ToString().ToLowerInvariant(),
                                        w.Why,
                                    ]
                            )
                        )
                ),
            ]
        );

    private static ImmutableArray<string> Row(string run, Checkpoint c) =>
        [
            run,
            c.Instance,
            Cells.Of(c.Round),
            c.Id.Short,
            c.Parent.Short,
            c.Method,
            Cells.Of(c.Figures.Examples),
            Cells.Of(c.Figures.LastLoss),
            Cells.Of(c.Gate?.HeldOut ?? double.NaN),
            Cells.Of(c.Gate?.Drift ?? double.NaN),
            Fate(c.Fate),
            string.Join("; ", c.Reasons),
        ];

    private static string Fate(CheckpointFate fate) =>
        fate switch
        {
            CheckpointFate.Candidate => "being evaluated",
            CheckpointFate.Promoted => "promoted",
            CheckpointFate.RolledBack => "rolled back",
            CheckpointFate.Failed => "not evaluated",
            _ => throw new UnreachableException(),
        };
}
