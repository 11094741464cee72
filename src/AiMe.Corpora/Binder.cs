using System.Collections.Immutable;

namespace AiMe.Corpora;

/// <summary>A text that a template must produce, which depends on the rows of some names.</summary>
internal sealed record Factor(ImmutableArray<string> Names, Template Template, string Text);

/// <summary>
/// The joint probability of some texts, summed over all rows that the names of some bindings can have.
/// </summary>
/// <remarks>
/// A text is matched as soon as its names are bound, which prunes whole branches; names on which nothing depends are
/// skipped.
/// </remarks>
internal static class Binder
{
    public static double Sum(Grammar grammar, ImmutableArray<Binding> bindings, Scope scope, IReadOnlyCollection<Factor> factors)
    {
        var needed = Needed(bindings, factors);
        var due = factors.ToLookup(f => 1 + needed.FindLastIndex(b => f.Names.Contains(b.Name)));
        return At(0);

        double At(int depth)
        {
            var product = 1.0;
            foreach (var factor in due[depth])
            {
                if ((product *= scope.Match(factor.Template, factor.Text)) == 0)
                    return 0;
            }

            return depth == needed.Count ? product : product * Over(needed[depth], depth);
        }

        double Over(Binding b, int depth)
        {
            var rows = b.Owner is null ? grammar.Tables[b.Table].Rows : scope[b.Owner].Choices(b.Table)!.Value;
            var except = b.Except is { } other ? scope[other] : null;
            double sum = 0,
                weights = 0;
            foreach (var row in rows)
            {
                if (ReferenceEquals(row, except))
                    continue;
                weights += row.Weight;
                scope.Bind(b.Name, row);
                sum += row.Weight * At(depth + 1);
            }

            scope.Unbind(b.Name);
            return sum / weights;
        }
    }

    // In the order of the file: the names that a factor reads, their owners and their exclusions.
    private static List<Binding> Needed(ImmutableArray<Binding> bindings, IReadOnlyCollection<Factor> factors)
    {
        HashSet<string> names = [.. factors.SelectMany(f => f.Names)];
        List<Binding> needed = [];
        foreach (var b in bindings.Reverse())
        {
            if (!names.Contains(b.Name))
                continue;
            needed.Insert(0, b);
            names.UnionWith(new[] { b.Owner, b.Except }.OfType<string>());
        }

        return needed;
    }
}
