using AiMe.Faculties.Supervisor;
using AiMe.Models;
using AiMe.VectorStores;
using AiMe.VectorStores.Pgvector;
using AiMe.VectorStores.Pinecone;
using AiMe.VectorStores.Qdrant;
using AiMe.VectorStores.Weaviate;

namespace AiMe.Lab.Runs.Indexes;

/// <summary>Connects to the vector store of a run, with the key from this process' environment, which is read only here.</summary>
public static class StoreConnections
{
    /// <summary>The store. No call is made before the first search.</summary>
    /// <exception cref="MissingKeyException">A key is missing; the message names its variable.</exception>
    public static IVectorStore Connect(IndexPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var timeout = TimeSpan.FromSeconds(plan.TimeoutSeconds);
        return plan.Store switch
        {
            StoreOrigin.Pgvector p => new PgvectorStore(
                new PgvectorOptions(p.Host, p.Port, p.Database, p.User, ValueOf(p.PasswordEnv), p.Table, p.Hnsw, timeout)
            ),
            StoreOrigin.Qdrant q => new QdrantStore(new QdrantOptions(new Uri(q.Url), q.Collection, KeyOf(q, q.KeyEnv), q.Exact, timeout)),
            StoreOrigin.Pinecone p => new PineconeStore(
                new PineconeOptions(new Uri(p.Host), KeyOf(p, p.KeyEnv) ?? "", timeout),
                NewClient()
            ),
            StoreOrigin.Weaviate w => new WeaviateStore(
                new WeaviateOptions(new Uri(w.Url), w.Class, KeyOf(w, w.KeyEnv), w.Exact, timeout),
                NewClient()
            ),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Checks that the key of a store is set.</summary>
    /// <exception cref="MissingKeyException">It is not; the message names its variable.</exception>
    public static void CheckKey(StoreOrigin store)
    {
        if (store is not StoreOrigin.Pgvector) // whether a password is needed, the server knows
            KeyOf(store, VariableOf(store));
    }

    /// <summary>The environment variable for the key or the password of a store; <c>none</c> for a store without one.</summary>
    public static string VariableOf(StoreOrigin store) =>
        store switch
        {
            StoreOrigin.Pgvector p => p.PasswordEnv,
            StoreOrigin.Qdrant q => q.KeyEnv,
            StoreOrigin.Pinecone p => p.KeyEnv,
            StoreOrigin.Weaviate w => w.KeyEnv,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>Whether a variable has a value; true of <c>none</c>, which needs no value.</summary>
    public static bool IsSet(string variable) => variable == StoreOrigin.NoKey || ValueOf(variable) is not null;

    // A redirection would take the key to another server.
    private static HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private static string? ValueOf(string variable) =>
        variable == StoreOrigin.NoKey ? null
        : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value.Trim()
        : null;

    private static string? KeyOf(StoreOrigin store, string variable) =>
        variable == StoreOrigin.NoKey
            ? null
            : ValueOf(variable)
                ?? throw new MissingKeyException(
                    $"The environment variable {variable} is not set or empty, expected the key of {store.Kind} at {store.Place} in it; "
                        + $"memory.index.{store.Kind}.key-env names another variable, or none for a store without a key."
                );
}
