using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Self;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Trajectories;

/// <summary>One question, answered by each variant at each generation.</summary>
/// <param name="Question">The stimulus, or the wording of the open probe.</param>
/// <param name="IsProbe">Whether it is an open probe, which is asked outside the dialogue at every generation.</param>
/// <param name="Rows">By generation. All answers of a row are of one replicate, whose variants got the question at the same place.</param>
public sealed record AnswerBoard(string Question, bool IsProbe, ImmutableArray<AnswerRow> Rows)
{
    /// <summary>The open probes of a run, and its stimuli and drives that were answered at the most generations.</summary>
    /// <param name="generation">The last generation.</param>
    /// <param name="most">At most as many stimuli.</param>
    public static ImmutableArray<AnswerBoard> Of(RunRecord record, int generation, int most)
    {
        ArgumentNullException.ThrowIfNull(record);
        return [.. Probes(record, generation), .. Stimuli(record, generation).Take(most)];
    }

    private static IEnumerable<AnswerBoard> Probes(RunRecord record, int generation)
    {
        var answers = record
            .Instances.SelectMany(i =>
                i.Events.Select(e => e.Happened)
                    .OfType<Probed>()
                    .Where(p => p.Generation <= generation)
                    .SelectMany(p =>
                        p.Results.Open.Select(o =>
                            (
                                o.Probe,
                                Cell: new AnswerCell(i.Variant.Name, i.Name, i.Replicate, p.Generation, Cycle: 0, o.Text, Verdict: null)
                            )
                        )
                    )
            )
            .ToLookup(a => a.Probe, a => a.Cell, StringComparer.Ordinal);
        return record
            .Plan.Probes.Open.Where(p => answers.Contains(p.Id))
            .OrderBy(p => p.Twin is not null) // questions that are only read come first: they ask who it is
            .Select(p => new AnswerBoard(p.Asks[0], IsProbe: true, RowsOf(record, answers[p.Id])));
    }

    // A stimulus comes once a replicate, in another round of each: together the replicates cover the generations.
    private static IEnumerable<AnswerBoard> Stimuli(RunRecord record, int generation) =>
        record
            .Instances.SelectMany(i =>
                SettledVerdicts
                    .Of(i.Events.Select(e => e.Happened))
                    .Where(s => s.Round <= generation + 1 && !i.Unplanned.Contains(s.Cycle))
                    .Select(s =>
                        (s.Input, Cell: new AnswerCell(i.Variant.Name, i.Name, i.Replicate, s.Round - 1, s.Cycle, s.Output, s.Verdict))
                    )
            )
            .GroupBy(a => a.Input, a => a.Cell, StringComparer.Ordinal)
            .Select(g => new AnswerBoard(g.Key, IsProbe: false, RowsOf(record, g)))
            .Where(b => !b.Rows.IsEmpty)
            .OrderByDescending(b => b.Rows.Length)
            .ThenByDescending(b => b.Rows.Sum(r => r.Cells.Length))
            .ThenBy(b => Place(record, b.Question))
            .ThenBy(b => b.Question, StringComparer.Ordinal);

    // Of each generation the first replicate of which the most variants have an answer, and of each of them the first answer.
    private static ImmutableArray<AnswerRow> RowsOf(RunRecord record, IEnumerable<AnswerCell> cells)
    {
        var order = record.Plan.Variants.Select((v, i) => (v.Name, i)).ToDictionary(v => v.Name, v => v.i, StringComparer.Ordinal);
        return
        [
            .. cells
                .GroupBy(c => c.Generation)
                .OrderBy(g => g.Key)
                .Select(g =>
                    g.GroupBy(c => c.Replicate)
                        .Select(r =>
                            (
                                Replicate: r.Key,
                                Cells: r.GroupBy(c => c.Variant, StringComparer.Ordinal).Select(v => v.MinBy(c => c.Cycle)!).ToArray()
                            )
                        )
                        .OrderByDescending(r => r.Cells.Length)
                        .ThenBy(r => r.Replicate)
                        .First()
                )
                .Select(r => new AnswerRow(
                    r.Cells[0].Generation,
                    r.Replicate,
                    [.. r.Cells.OrderBy(c => order.GetValueOrDefault(c.Variant, int.MaxValue))]
                )),
        ];
    }

    private static int Place(RunRecord record, string input)
    {
        for (var i = 0; i < record.Plan.Stimuli.Length; i++)
        {
            if (record.Plan.Stimuli[i].Text == input)
                return i;
        }

        return int.MaxValue;
    }
}

/// <summary>The answers of one generation.</summary>
/// <param name="Generation">The generation of the models that answered.</param>
/// <param name="Cells">In the order of the plan's variants; a variant without an answer has none.</param>
public sealed record AnswerRow(int Generation, int Replicate, ImmutableArray<AnswerCell> Cells);

/// <summary>An answer.</summary>
/// <param name="Cycle">The cycle of the experience; 0 for a probe.</param>
/// <param name="Verdict">What the curation decided; null for a probe.</param>
public sealed record AnswerCell(string Variant, string Instance, int Replicate, int Generation, int Cycle, string Text, Verdict? Verdict);
