using AiMe.Faculties.Supervisor;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Readers;

/// <summary>Reads <c>embedder</c>, which gives texts their directions.</summary>
internal static class EmbedderReader
{
    private const string How =
        "what gives texts their direction, for recall, novelty and coherence: hash compares words and is the default of provider nano; "
        + "minilm compares meanings, is slower by a factor of some hundreds, and is built apart (docs/EMBEDDERS.md); provider openai has "
        + "model.embeddings by default";

    /// <summary>The key's value; null if the file does not have it.</summary>
    public static FieldReader? Read(Section experiment)
    {
        var field = experiment.Find("embedder", How);
        field?.Asked?.Word(Keywords.Embedders.Names);
        return field?.Asked is null ? field : null;
    }

    /// <summary>The embedder of a model of that provider; null for the provider's own.</summary>
    public static LocalEmbedder? Of(FieldReader? field, BaseModel model)
    {
        if (field is null)
            return null;
        if (model is DistributionModel)
        {
            field.Fail("the embedder is of words, and an answer of a distribution is a line of numbers; remove the key");
            return null;
        }

        var embedder = field.Word(Keywords.Embedders, null);
        if (model is OpenAiModel && field.Is("hash"))
            field.Fail(
                "the embedder hash weighs words by a corpus, which a hosted model does not have; expected minilm, or model.embeddings alone"
            );
        return embedder;
    }

    /// <summary>Of a hosted model: the name of its embedding model, which an embedder of this process makes superfluous.</summary>
    public static string Embeddings(Section model, FieldReader? embedder)
    {
        var field = model.Find("embeddings", "the name of the embedding model; required, unless embedder names one of this process");
        if (embedder is null && field is null)
            model.Problems.Fail(
                model.At,
                "model.embeddings",
                "the key is missing, expected the name of the embedding model, or embedder: minilm"
            );
        if (embedder is null)
            return ModelReader.Name(field);
        field?.Fail("the experiment names an embedder, and one is enough; remove embedder or model.embeddings");
        return (embedder.Node as ScalarNode)?.Text ?? "";
    }
}
