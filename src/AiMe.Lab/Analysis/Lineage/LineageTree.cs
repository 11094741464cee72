using System.Collections.Immutable;
using AiMe.Faculties;

namespace AiMe.Lab.Analysis.Lineage;

/// <summary>A node of a tree of models.</summary>
/// <param name="Made">Its checkpoints; several if a fork carries its parent's history, none for the base.</param>
/// <param name="Speaks">The instances whose champion it is.</param>
/// <param name="Children">Models trained from it: by instance in the given order, then by round.</param>
public sealed record LineageNode(
    ModelId Id,
    ImmutableArray<Checkpoint> Made,
    ImmutableArray<string> Speaks,
    ImmutableArray<LineageNode> Children
)
{
    /// <summary>
    /// This node and all descendants in pre-order, with the position of each ancestor among its siblings.
    /// </summary>
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

/// <summary>A node on its own line.</summary>
/// <param name="Last">
/// From the root's child to this node: whether each is its parent's last child; empty for the root.
/// </param>
public sealed record LineageRow(LineageNode Node, ImmutableArray<bool> Last);

/// <summary>Builds trees from lineages; equal models are merged.</summary>
public static class LineageTree
{
    /// <summary>Builds the trees of some instances of one run, one per base model.</summary>
    public static ImmutableArray<LineageNode> Of(ImmutableArray<InstanceLineage> instances)
    {
        var made = instances.SelectMany(l => l.Checkpoints).ToLookup(c => c.Id);
        var speaks = instances.ToLookup(l => l.Champion, l => l.Instance);
        HashSet<ModelId> placed = [.. instances.Select(l => l.Base)];
        return [.. instances.Select(l => l.Base).Distinct().Select(Node)];

        // Each model is placed once, below the parent of its first checkpoint: a training that returned its input
        // weights creates no child.
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
