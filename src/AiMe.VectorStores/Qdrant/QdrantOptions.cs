namespace AiMe.VectorStores.Qdrant;

/// <summary>Where memories are in Qdrant.</summary>
/// <param name="Address">Of its gRPC port, such as <c>http://localhost:6334</c>; <c>https</c> for TLS.</param>
/// <param name="Collection">Created if it is missing.</param>
/// <param name="ApiKey">Null for a server without one. It is never shown.</param>
/// <param name="Exact">Whether a search compares with every memory of the instance, or asks an index (HNSW).</param>
/// <param name="Timeout">For one request.</param>
public sealed record QdrantOptions(Uri Address, string Collection, string? ApiKey, bool Exact, TimeSpan Timeout)
{
    /// <inheritdoc />
    public override string ToString() => $"qdrant at {Address.Authority}/{Collection}";
}
