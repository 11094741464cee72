using System.Collections.Immutable;

namespace AiMe.Web.Charts;

/// <summary>Places labels in a column beside their lines without overlap.</summary>
public static class LabelColumn
{
    /// <summary>The places nearest to the wanted ones, in the same order, at least a line apart and between the bounds.</summary>
    /// <param name="wanted">In any order; NaN for a label that has no line, which is placed last.</param>
    /// <param name="line">Height of a line.</param>
    /// <returns>Shape of <paramref name="wanted"/>; empty if the labels do not fit.</returns>
    public static ImmutableArray<double> Spread(IReadOnlyList<double> wanted, double line, double top, double bottom)
    {
        if ((wanted.Count - 1) * line > bottom - top)
            return [];
        int[] order =
        [
            .. Enumerable.Range(0, wanted.Count).OrderBy(i => double.IsNaN(wanted[i]) ? double.PositiveInfinity : wanted[i]).ThenBy(i => i),
        ];
        var placed = new double[wanted.Count];
        var before = top - line;
        foreach (var i in order)
            before = placed[i] = Math.Max(double.IsNaN(wanted[i]) ? before + line : Math.Clamp(wanted[i], top, bottom), before + line);
        var after = bottom + line;
        foreach (var i in order.Reverse())
            after = placed[i] = Math.Min(placed[i], after - line);
        // Labels that were pushed down together are centred on their lines.
        for (var from = 0; from < order.Length; )
        {
            var to = from;
            while (to + 1 < order.Length && placed[order[to + 1]] - placed[order[to]] <= line + 0.01)
                to++;
            var off = order[from..(to + 1)]
                .Where(i => !double.IsNaN(wanted[i]))
                .Select(i => placed[i] - wanted[i])
                .DefaultIfEmpty(0)
                .Average();
            var room = placed[order[from]] - (from == 0 ? top : placed[order[from - 1]] + line);
            var shift = Math.Clamp(off, 0, Math.Max(0, room));
            foreach (var i in order[from..(to + 1)])
                placed[i] -= shift;
            from = to + 1;
        }

        return [.. placed];
    }
}
