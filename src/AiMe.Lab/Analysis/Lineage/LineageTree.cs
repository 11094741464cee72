using System.Collections.Immutable;
using AiMe.Faculties;

namespace AiMe.Lab.Analysis.Lineage;

/// <summary>A model in the tree that its children grow from.</summary>
/// <param name="Made">Where it was made; several where a fork carries its parent's history, none for the base.</param>
/// <param name="Speaks">The instances that speak with it now.</param>
/// <param name="Children">What was trained from it: by instance as they were given, then by round.</param>
public sealed record LineageNode(
    ModelId Id,
    ImmutableArray<Checkpoint> Made,
    ImmutableArray<string> Speaks,
    ImmutableArray<LineageNode> Children
)
{
    /// <summary>This node and all below it, each before its children, with its ancestors' place among their siblings.</summary>
    public IEnumerable<LineageRow> Rows() => Rows([]);

    private IEnumerable<LineageRow> Rows(ImmutableArray<bool> last)
    {
        yield return new LineageRow(this, last);
        for (var i = 0; i < Children.Length; i++)
        {
            foreach (var row in Children[i].Rows(last.Add(i == Children.Length - 1)))
                yield return row;
        }
    }
}

/// <summary>A node on a line of its own.</summary>
/// <param name="Last">From the root's child down to this node: whether each is the last of its siblings; empty for the root.</param>
public sealed record LineageRow(LineageNode Node, ImmutableArray<bool> Last);

/// <summary>The lineages of some lives as one tree: what is the same model stands once.</summary>
public static class LineageTree
{
    /// <summary>The trees of some lives of one run; one a base.</summary>
    public static ImmutableArray<LineageNode> Of(ImmutableArray<InstanceLineage> instances)
    {
        var made = instances.SelectMany(l => l.Checkpoints).ToLookup(c => c.Id);
        var speaks = instances.ToLookup(l => l.Champion, l => l.Instance);
        HashSet<ModelId> placed = [.. instances.Select(l => l.Base)];
        return [.. instances.Select(l => l.Base).Distinct().Select(Node)];

        // Each model is placed once, below the parent of its first making: weights that came out of a training as they went
        // in are no child of theirs.
        LineageNode Node(ModelId id) =>
            new(
                id,
                [.. made[id]],
                [.. speaks[id]],
                [
                    .. instances
                        .SelectMany(l => l.Checkpoints)
                        .Where(c => c.Parent == id && placed.Add(c.Id))
                        .Select(c => c.Id)
                        .ToArray()
                        .Select(Node),
                ]
            );
    }
}
