using System.Collections.Concurrent;
using AiMe.Faculties.Supervisor;
using Microsoft.Extensions.AI;

namespace AiMe.Lab.Runs;

/// <summary>The embedders of this process that a run can have in place of its provider's own.</summary>
public static class LocalEmbedders
{
    private static readonly ConcurrentDictionary<LocalEmbedder, IEmbeddingGenerator<string, Embedding<float>>> Given = new();

    /// <summary>
    /// Makes an embedder of one's own known to this process. A run has it if the experiment's model names what is returned:
    /// <c>experiment with { Model = experiment.Model with { Embedder = mine } }</c>. It is part of the run's id and plan, so another
    /// process that resumes the run has to make it known too.
    /// </summary>
    /// <param name="name">Its name; <c>hash</c> and <c>minilm</c> are taken.</param>
    /// <param name="version">Of its model, such as a SHA-256: another text for every model that gives other vectors.</param>
    /// <param name="embedder">
    /// Gives one vector of a constant length for each text, the same for the same text. Safe for concurrent callers. The caller owns it.
    /// </param>
    /// <exception cref="ArgumentException">The name is taken or empty, or the version is empty.</exception>
    public static LocalEmbedder Use(string name, string version, IEmbeddingGenerator<string, Embedding<float>> embedder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(version);
        ArgumentNullException.ThrowIfNull(embedder);
        if (name == "hash" || name == EmbedderAssembly.MiniLm.Name)
            throw new ArgumentException($"the name {name} is that of an embedder of AiMe; expected another", nameof(name));
        LocalEmbedder identity = new(name, version, embedder.GetType().FullName ?? embedder.GetType().Name);
        Given[identity] = embedder;
        return identity;
    }

    /// <summary>The embedder that a plan names.</summary>
    /// <exception cref="ModelPreparationException">This process does not have it, or has it in another version.</exception>
    internal static IEmbeddingGenerator<string, Embedding<float>> Load(LocalEmbedder wanted) =>
        wanted.Name == EmbedderAssembly.MiniLm.Name ? EmbedderAssembly.Load(wanted)
        : Given.TryGetValue(wanted, out var given) ? given
        : throw new ModelPreparationException(
            $"The run has the embedder {wanted.Name}, version {wanted.Model}, of {wanted.Runtime}, which this process does not have. Use "
                + $"the program that began the run, or call {nameof(LocalEmbedders)}.{nameof(Use)} first."
        );

    /// <summary>Checks that an embedder is there, without loading it.</summary>
    /// <exception cref="ModelPreparationException">It is not.</exception>
    internal static void Check(LocalEmbedder wanted)
    {
        if (wanted.Name == EmbedderAssembly.MiniLm.Name)
            EmbedderAssembly.Find();
        else
            Load(wanted);
    }
}
