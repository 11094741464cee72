using AiMe.Metrics.Text;

namespace AiMe.Metrics.Tests;

/// <summary>Diversity, repetition, novelty of wording, and self-reference.</summary>
public sealed class TextMetricsTests
{
    [Theory]
    [InlineData("I like tea.", "i like TEA!", 0)]
    [InlineData("a b c d", "a c d", 0.25)] // one is left out
    [InlineData("a b", "x y", 1)]
    [InlineData("a b", "b a", 1)] // two are replaced
    [InlineData("", "a b", 1)]
    [InlineData("", "...", double.NaN)]
    public void Edit_distance_in_words_is_edits_over_the_words_of_the_longer_text(string a, string b, double expected)
    {
        WordEditDistance.Of(a, b).ShouldBe(expected);
        WordEditDistance.Of(b, a).ShouldBe(expected);
    }

    [Fact]
    public void Distinct_n_is_distinct_over_all() => DistinctN.Of(["the cat the dog"], n: 1, budget: 4).ShouldBe(0.75);

    [Fact]
    public void Distinct_n_looks_at_its_budget_and_no_further() => DistinctN.Of(["a b", "a b c d e f"], n: 1, budget: 4).ShouldBe(0.5);

    [Fact]
    public void Distinct_n_never_joins_two_texts() => DistinctN.Of(["a b", "b a"], n: 2, budget: 4).ShouldBe(1);

    [Fact]
    public void Distinct_n_is_undefined_below_its_budget() => DistinctN.Of(["a b c"], n: 1, budget: 4).ShouldBe(double.NaN);

    [Fact]
    public void Distinct_n_is_undefined_without_ngrams() => DistinctN.Of(["a", "b"], n: 2, budget: 2).ShouldBe(double.NaN);

    [Fact]
    public void Distinct_n_refuses_an_empty_budget() =>
        Should.Throw<ArgumentOutOfRangeException>(() => DistinctN.Of(["a"], n: 1, budget: 0));

    [Fact]
    public void A_loop_repeats_its_ngrams() => RepeatedNgrams.Rate("a b a b a b", n: 2).ShouldBe(0.6); // 5 bigrams, 2 kinds

    [Fact]
    public void A_text_of_different_words_repeats_nothing() => RepeatedNgrams.Rate("one two three four five").ShouldBe(0);

    [Fact]
    public void Repetition_is_undefined_below_n_words() => RepeatedNgrams.Rate("one two three").ShouldBe(double.NaN);

    [Fact]
    public void The_rates_lie_in_0_to_1() =>
        Draw.Hold(Draw.Text, text =>
            RepeatedNgrams.Rate(text, 2) is double.NaN or (>= 0 and < 1)
            && DistinctN.Of([text], 1, 3) is double.NaN or (> 0 and <= 1)
            && SelfReference.Per100(text) is double.NaN or (>= 0 and <= 100)
        );

    [Fact]
    public void Novel_ngrams_are_those_the_corpus_lacks() =>
        NovelNgrams.Rate("a b c d e f", NgramIndex.Of(["x A b, c d e"])).ShouldBe(1.0 / 3); // b c d e is there, c d e f is not

    [Fact]
    public void A_text_of_the_corpus_has_no_novel_ngrams() =>
        Draw.Hold(Draw.Text, text => NovelNgrams.Rate(text, NgramIndex.Of([text], 2)) is 0 or double.NaN);

    [Fact]
    public void Everything_is_novel_to_an_empty_corpus() => NovelNgrams.Rate("a b c d", new NgramIndex()).ShouldBe(1);

    [Fact]
    public void Novelty_of_wording_is_undefined_below_n_words() => NovelNgrams.Rate("a b c", new NgramIndex()).ShouldBe(double.NaN);

    [Fact]
    public void An_index_counts_what_is_distinct()
    {
        var index = NgramIndex.Of(["a b c", "a b"], 2);
        index.Count.ShouldBe(2);
        index.Contains("a b").ShouldBeTrue();
        index.Contains("b a").ShouldBeFalse();
        Should.Throw<ArgumentOutOfRangeException>(() => new NgramIndex(0));
    }

    [Theory]
    [InlineData("I am here. The sea is calm.", 100.0 / 7)]
    [InlineData("I'm sure that I know my name.", 100.0 / 7)] // one statement, however many words of the first person
    [InlineData("Who am I? Am I?\" Tell me more.", 0)]
    [InlineData("We are many. AiMe is one.", 0)]
    [InlineData("It is mine. I see myself.", 200.0 / 6)]
    [InlineData("Mine.", 100)]
    [InlineData("I.D. card", 100.0 / 3)]
    public void Statements_about_itself_per_100_words(string text, double expected) => SelfReference.Per100(text).ShouldBe(expected, 1e-12);

    [Theory]
    [InlineData("")]
    [InlineData("?!")]
    public void Self_reference_is_undefined_without_words(string text) => SelfReference.Per100(text).ShouldBe(double.NaN);
}
