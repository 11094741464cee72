using AiMe.Models.Embeddings;

namespace AiMe.Models.Tests.Embeddings;

public sealed class HashEmbedderTests
{
    private static readonly HashEmbedder Embedder = new([
        "The sea is deep.",
        "The garden is green.",
        "What is the time?",
        "Rain falls on the garden.",
    ]);

    [Fact]
    public void It_has_256_dimensions_and_unit_length()
    {
        var vector = Embedder.Embed("The sea is deep and wide.");
        vector.Length.ShouldBe(256);
        vector.Sum(x => (double)x * x).ShouldBe(1, 1e-5);
    }

    [Fact]
    public void A_text_without_letters_or_digits_has_no_direction() => Embedder.Embed("?! ...").ShouldAllBe(x => x == 0);

    [Fact]
    public void Case_and_punctuation_do_not_matter() => Embedder.Embed("the SEA, is deep!").ShouldBe(Embedder.Embed("The sea is deep."));

    [Fact]
    public void A_text_is_closer_to_its_like_than_to_another() =>
        Cosine("Do you like the garden?", "I like the garden in the rain.")
            .ShouldBeGreaterThan(Cosine("Do you like the garden?", "What is 3 plus 4?") + 0.2);

    [Fact]
    public void A_rare_word_weighs_more_than_one_that_is_everywhere() =>
        Cosine("the deep", "deep").ShouldBeGreaterThan(Cosine("the deep", "the"));

    [Fact]
    public void It_gives_these_bits_on_every_machine()
    {
        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(Embedder.Embed("I am curious about the sea.").AsSpan());
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))[..16].ShouldBe("7aed5b282d47d2c9");
    }

    private static double Cosine(string a, string b) => Embedder.Embed(a).Zip(Embedder.Embed(b), (x, y) => (double)x * y).Sum();
}
