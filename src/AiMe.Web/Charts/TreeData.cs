using System.Collections.Immutable;

namespace AiMe.Web.Charts;

/// <summary>A checkpoint in a tree of models.</summary>
/// <param name="Row">The row of its instance, from 0.</param>
/// <param name="Column">Its generation, from 0.</param>
/// <param name="Parent">Index of the node that it was trained from; -1 for a root.</param>
/// <param name="Kind">What became of it.</param>
/// <param name="Text">Beside it; may be empty.</param>
public sealed record TreeNode(int Row, int Column, int Parent, TreeNodeKind Kind, string Text);

/// <summary>What became of a checkpoint.</summary>
public enum TreeNodeKind
{
    /// <summary>The base model.</summary>
    Base,

    /// <summary>It passed the gate.</summary>
    Promoted,

    /// <summary>It failed the gate, or could not be evaluated.</summary>
    RolledBack,

    /// <summary>No training took place in the round.</summary>
    None,
}

/// <summary>Trees of models: a row an instance, a column a generation.</summary>
/// <param name="Rows">Names and styles of the rows.</param>
public sealed record TreeData(
    string Title,
    string Description,
    ImmutableArray<(string Name, SeriesStyle Style)> Rows,
    int Generations,
    ImmutableArray<TreeNode> Nodes
);
