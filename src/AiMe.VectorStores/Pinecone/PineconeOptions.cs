namespace AiMe.VectorStores.Pinecone;

/// <summary>Where memories are in Pinecone.</summary>
/// <param name="Host">
/// Of the index, as Pinecone's console shows it, such as <c>https://memories-abc123.svc.us-east-1-aws.pinecone.io</c>. The index is
/// serverless, dense, by cosine, and has as many dimensions as the embedder; AiMe does not create it.
/// </param>
/// <param name="ApiKey">It is never shown.</param>
/// <param name="Timeout">For one request.</param>
public sealed record PineconeOptions(Uri Host, string ApiKey, TimeSpan Timeout)
{
    /// <inheritdoc />
    public override string ToString() => $"pinecone at {Host.Authority}";
}
