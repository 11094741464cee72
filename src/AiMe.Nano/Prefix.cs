namespace AiMe.Nano;

/// <summary>
/// The keys, values and next-token logits of a prompt. Immutable; any number of calls may continue it at once, each on
/// a copy. It belongs to the model that made it.
/// </summary>
public sealed class Prefix
{
    internal Prefix(Model model, int[] tokens, KvCache cache, float[] logits)
    {
        (Model, Tokens, Cache, Logits) = (model, tokens, cache, logits);
    }

    /// <summary>The prompt's tokens, at least one.</summary>
    public IReadOnlyList<int> Tokens { get; }

    internal Model Model { get; }

    internal KvCache Cache { get; }

    internal float[] Logits { get; } // (vocabulary)
}
