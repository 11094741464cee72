using AiMe.Models.Embeddings;
using Microsoft.Extensions.AI;
using Stored = AiMe.Faculties.Embedding;

namespace AiMe.MiniLm.Tests;

public sealed class MiniLmEmbedderTests(MiniLmModel model) : IClassFixture<MiniLmModel>
{
    [Fact]
    public void It_computes_what_the_models_card_shows()
    {
        var vector = model.Embedder.Embed("This is an example sentence");
        vector.Length.ShouldBe(MiniLmEmbedder.Dimensions);
        vector.Sum(x => (double)x * x).ShouldBe(1, 1e-6);
        foreach (var (component, i) in new[] { 0.0677, 0.0635, 0.0487, 0.0793 }.Select((c, i) => (c, i)))
            ((double)vector[i]).ShouldBe(component, 1e-4);
    }

    [Fact]
    public void It_hears_meaning_and_the_hash_embedder_hears_wording()
    {
        HashEmbedder hash = new(Paraphrases.Pairs.SelectMany(p => new[] { p.One, p.Other }));
        AreaUnderCurve(model.Embedder.Embed).ShouldBeGreaterThan(0.99);
        AreaUnderCurve(hash.Embed).ShouldBeLessThan(0.7);
    }

    [Fact]
    public async Task A_text_has_the_same_bits_alone_in_a_batch_and_beside_other_calls()
    {
        var texts = Paraphrases.Pairs.Take(8).Select(p => p.One).ToArray();
        var alone = texts.Select(model.Embedder.Embed).ToArray();
        var batch = await model.Embedder.GenerateAsync(texts);
        for (var i = 0; i < texts.Length; i++)
            batch[i].Vector.ToArray().ShouldBe(alone[i]);
        var parallel = await Task.WhenAll(texts.Select(t => Task.Run(() => model.Embedder.Embed(t))));
        for (var i = 0; i < texts.Length; i++)
            parallel[i].ShouldBe(alone[i]);
    }

    [Fact]
    public void Any_text_has_a_direction_also_an_empty_one_and_one_that_is_too_long()
    {
        foreach (var text in new[] { "", " ", "\0", "🦊", "\uD800", string.Join(' ', Enumerable.Repeat("long", 5000)) })
            model.Embedder.Embed(text).Sum(x => (double)x * x).ShouldBe(1, 1e-6);
    }

    [Fact]
    public void It_says_which_model_and_which_runtime_it_is()
    {
        var metadata = (EmbeddingGeneratorMetadata)((IEmbeddingGenerator)model.Embedder).GetService(typeof(EmbeddingGeneratorMetadata))!;
        metadata.ProviderName.ShouldBe("onnxruntime 1.31.1");
        metadata.DefaultModelId.ShouldBe("ab9f9c352f06078e9b902ee51663e9a91a338b5314b908a899f2b04d8086fcaa");
        metadata.DefaultModelDimensions.ShouldBe(MiniLmEmbedder.Dimensions);
    }

    /// <summary>The probability that a paraphrase is nearer than a sentence of another pair.</summary>
    private static double AreaUnderCurve(Func<string, float[]> embed)
    {
        var ones = Paraphrases.Pairs.Select(p => Stored.From(embed(p.One))).ToArray();
        var others = Paraphrases.Pairs.Select(p => Stored.From(embed(p.Other))).ToArray();
        var same = ones.Zip(others, (a, b) => a.Cosine(b)).ToArray();
        var random = ones.SelectMany((a, i) => others.Where((_, j) => j != i).Select(b => a.Cosine(b))).ToArray();
        return same.Average(s =>
            random.Average(r =>
                s > r ? 1.0
                : s < r ? 0
                : 0.5
            )
        );
    }
}

/// <summary>The model, loaded once.</summary>
public sealed class MiniLmModel : IDisposable
{
    public MiniLmEmbedder Embedder { get; } = new();

    public void Dispose() => Embedder.Dispose();
}
