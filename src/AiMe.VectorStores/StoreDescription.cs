namespace AiMe.VectorStores;

/// <summary>What a store says of itself, and of the place in which memories are kept.</summary>
/// <param name="Server">Its programs and their versions; null if it does not tell them.</param>
/// <param name="Kind">What the store calls a place for vectors: <c>table</c>, <c>collection</c> or <c>index</c>.</param>
/// <param name="Place">The name of that place.</param>
/// <param name="Exists">Whether it is there. AiMe makes all but an index of Pinecone.</param>
/// <param name="Dimensions">Components of its vectors; null if it is not there, or if it takes those of the first vector.</param>
/// <param name="Metric">By what it compares vectors, in the store's own word; null if that is not known.</param>
/// <param name="Memories">Number of AiMe's memories in it, of all runs; 0 if it is not there or another's.</param>
/// <param name="Refusal">Why a run could not use it; null if it can.</param>
public sealed record StoreDescription(
    string? Server,
    string Kind,
    string Place,
    bool Exists,
    int? Dimensions,
    string? Metric,
    long Memories,
    VectorStoreException? Refusal
);
