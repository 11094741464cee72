using System.Diagnostics;
using System.Text.Json.Serialization;

namespace AiMe.Faculties.Supervisor;

/// <summary>The vector store in which the memories of a run are found. Contains no secret.</summary>
/// <param name="Candidates">Nearest memories that the store is asked for, for each one that is recalled; 1 or more.</param>
/// <param name="Waits">Whether a search waits for a store that does not answer; else the embedded scan takes its place.</param>
/// <param name="TimeoutSeconds">Time limit of one call.</param>
public sealed record IndexPlan(StoreOrigin Store, int Candidates, bool Waits, double TimeoutSeconds);

/// <summary>Where a vector store is, and how it is searched.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Pgvector), PgvectorKind)]
[JsonDerivedType(typeof(Qdrant), QdrantKind)]
[JsonDerivedType(typeof(Pinecone), PineconeKind)]
[JsonDerivedType(typeof(Weaviate), WeaviateKind)]
public abstract record StoreOrigin
{
    /// <summary>Stands in place of a variable's name if the store needs no key.</summary>
    public const string NoKey = "none";

    /// <summary>The names of the kinds, in files and in the journal.</summary>
    public const string PgvectorKind = "pgvector",
        QdrantKind = "qdrant",
        PineconeKind = "pinecone",
        WeaviateKind = "weaviate";

    private StoreOrigin() { }

    /// <summary>Its kind, as an experiment names it.</summary>
    [JsonIgnore]
    public string Kind =>
        this switch
        {
            Pgvector => PgvectorKind,
            Qdrant => QdrantKind,
            Pinecone => PineconeKind,
            Weaviate => WeaviateKind,
            _ => throw new UnreachableException(),
        };

    /// <summary>Whether a search compares with every memory of the instance.</summary>
    [JsonIgnore]
    public bool IsExact =>
        this switch
        {
            Pgvector p => !p.Hnsw,
            Qdrant q => q.Exact,
            Pinecone => false,
            Weaviate w => w.Exact,
            _ => throw new UnreachableException(),
        };

    /// <summary>Where it is, in words.</summary>
    [JsonIgnore]
    public string Place =>
        this switch
        {
            Pgvector p => $"{p.Host}:{p.Port}/{p.Database}, table {p.Table}",
            Qdrant q => $"{q.Url}, collection {q.Collection}",
            Pinecone p => p.Host,
            Weaviate w => $"{w.Url}, class {w.Class}",
            _ => throw new UnreachableException(),
        };

    /// <summary>PostgreSQL with the extension vector.</summary>
    /// <param name="PasswordEnv">Name of the environment variable with the password; it need not be set.</param>
    /// <param name="Hnsw">Whether an approximate index is searched.</param>
    public sealed record Pgvector(
        string Host,
        int Port,
        string Database,
        string User,
        string PasswordEnv,
        string Table,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Hnsw = false
    ) : StoreOrigin;

    /// <summary>Qdrant.</summary>
    /// <param name="Url">Of its gRPC port.</param>
    /// <param name="KeyEnv">Name of the environment variable with the key; <c>none</c> for none.</param>
    public sealed record Qdrant(string Url, string Collection, bool Exact, string KeyEnv) : StoreOrigin;

    /// <summary>Pinecone.</summary>
    /// <param name="Host">Address of the index.</param>
    /// <param name="KeyEnv">Name of the environment variable with the key; <c>none</c> for none.</param>
    public sealed record Pinecone(string Host, string KeyEnv) : StoreOrigin;

    /// <summary>Weaviate.</summary>
    /// <param name="KeyEnv">Name of the environment variable with the key; <c>none</c> for none.</param>
    public sealed record Weaviate(string Url, string Class, bool Exact, string KeyEnv) : StoreOrigin;
}
