using System.Runtime.CompilerServices;
using AiMe.Console.Commands;
using AiMe.Console.Output;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs.Indexes;
using AiMe.VectorStores;

namespace AiMe.Console.Doctor;

/// <summary><c>aime doctor --vectors</c>: says of the vector store of an experiment what is there, and whether a run can use it.</summary>
/// <remarks>It only reads: neither an extension nor a table, collection or index is made.</remarks>
internal static class VectorSurvey
{
    /// <summary>Asks; every finding comes as soon as it is known.</summary>
    /// <exception cref="UsageException">The experiment has no vector store, or is wrong.</exception>
    public static async IAsyncEnumerable<CheckResult> AskAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var experiment = SharedOptions.Load(BundledFiles.Resolve(path), [], seed: null, advise: false);
        if (experiment.Index is not { } index)
            throw new UsageException(
                $"{experiment.Source} has no vector store, so there is none to ask; expected memory: {{index: {{qdrant: ...}}}} or another "
                    + "store (docs/VECTOR-STORES.md)"
            );
        var key = KeyOf(index.Store);
        yield return key;
        if (key.Health == Health.Bad)
            yield break;
        await using var store = StoreConnections.Connect(index);
        var length = EmbeddingLength.Of(experiment.Model);
        var (description, failure) = await DescribeAsync(store, length.Components, cancellationToken);
        if (description is null)
        {
            yield return new("server", Health.Bad, failure!.Message);
            yield break;
        }

        yield return new(
            "server",
            Health.Good,
            $"{store.Name} answers: {description.Server ?? "it does not tell its version, and the key is accepted"}"
        );
        yield return PlaceOf(description);
        yield return EmbedderOf(length, description);
        if (description.Exists && description.Refusal is null)
            yield return await MemoriesAsync(store, description, experiment.RunId, cancellationToken);
    }

    private static CheckResult KeyOf(StoreOrigin store)
    {
        var variable = StoreConnections.VariableOf(store);
        return (variable, StoreConnections.IsSet(variable), store) switch
        {
            (StoreOrigin.NoKey, _, _) => new("key", Health.Good, "none is sent: key-env or password-env is none"),
            (_, true, _) => new("key", Health.Good, $"{variable} is set"),
            (_, false, StoreOrigin.Pgvector) => new("key", Health.Good, $"{variable} is not set, so no password is sent"),
            _ => new(
                "key",
                Health.Bad,
                $"{variable} is not set or empty",
                $"set it to the key of {store.Kind} at {store.Place}, or name another variable in memory.index.{store.Kind}.key-env"
            ),
        };
    }

    private static async Task<(StoreDescription? Description, VectorStoreException? Failure)> DescribeAsync(
        IVectorStore store,
        int? components,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return (await store.DescribeAsync(components, cancellationToken), null);
        }
        catch (VectorStoreException failure)
        {
            return (null, failure);
        }
    }

    private static CheckResult PlaceOf(StoreDescription place)
    {
        if (place.Refusal is { } refusal)
            return new(place.Kind, Health.Bad, refusal.Message);
        if (!place.Exists)
            return new(place.Kind, Health.Good, $"{place.Place} does not exist yet", "the first `aime run` makes it");
        var length = place.Dimensions is { } has ? Lines.Count(has, "component") : "no vector yet, so their length is open";
        return new(place.Kind, Health.Good, $"{place.Place}: {length}, compared by {place.Metric ?? "what it does not tell"}");
    }

    private static CheckResult EmbedderOf(EmbeddingLength length, StoreDescription place) =>
        length.Components is not { } components
            ? new(
                "embedder",
                Health.Good,
                $"{length.Embedder}: the length of its vectors is known with its first answer, and not compared here"
            )
        : place.Dimensions is { } has && has != components
            ? new(
                "embedder",
                Health.Bad,
                $"{length.Embedder} gives {Lines.Count(components, "component")}, and {place.Place} has {has}",
                $"use another {place.Kind}, or the embedder that this one was filled with"
            )
        : new(
            "embedder",
            Health.Good,
            $"{length.Embedder} gives {Lines.Count(components, "component")}{(place.Dimensions is null ? "" : ", which fits")}"
        );

    private static async Task<CheckResult> MemoriesAsync(
        IVectorStore store,
        StoreDescription place,
        string run,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var own = await store.CountAsync(run, cancellationToken);
            return new("memories", Health.Good, $"{Lines.Count(place.Memories)} of AiMe, {Lines.Count(own)} of them of {run}");
        }
        catch (VectorStoreException failure)
        {
            return new("memories", Health.Bad, failure.Message);
        }
    }
}
