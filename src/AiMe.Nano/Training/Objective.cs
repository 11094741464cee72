namespace AiMe.Nano.Training;

/// <summary>What is minimised: the weighted mean of a loss over items.</summary>
internal abstract class Objective<T>
{
    /// <summary>Inputs of an item, by which batches are cut.</summary>
    public abstract int Tokens(T item);

    /// <summary>The weight of an item in the mean.</summary>
    public abstract int Count(T item);

    /// <summary>Computes the summed loss of items in a shard, and its gradient times the scale.</summary>
    public abstract void Run(GradientShard shard, List<T> items, float scale);
}

/// <summary>Cross-entropy of the next token; the weight of an item is its number of learned tokens.</summary>
internal sealed class NextToken : Objective<TokenExample>
{
    public override int Tokens(TokenExample item) => item.Tokens.Length - 1;

    public override int Count(TokenExample item) => item.Targets;

    public override void Run(GradientShard shard, List<TokenExample> items, float scale) => shard.Run(items, scale);
}
