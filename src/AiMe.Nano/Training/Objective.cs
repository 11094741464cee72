namespace AiMe.Nano.Training;

/// <summary>What is minimised: the mean, over what an item counts for, of a loss.</summary>
internal abstract class Objective<T>
{
    /// <summary>Inputs of an item, by which batches are cut.</summary>
    public abstract int Tokens(T item);

    /// <summary>What an item counts for in the mean.</summary>
    public abstract int Count(T item);

    /// <summary>Leaves the summed loss of some items in a shard, and its gradient times the scale.</summary>
    public abstract void Run(GradientShard shard, List<T> items, float scale);
}

/// <summary>Cross-entropy of the next token; a learned token counts for one.</summary>
internal sealed class NextToken : Objective<TokenExample>
{
    public override int Tokens(TokenExample item) => item.Tokens.Length - 1;

    public override int Count(TokenExample item) => item.Targets;

    public override void Run(GradientShard shard, List<TokenExample> items, float scale) => shard.Run(items, scale);
}
