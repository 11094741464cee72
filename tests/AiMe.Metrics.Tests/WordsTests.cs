using AiMe.Metrics.Text;

namespace AiMe.Metrics.Tests;

public sealed class WordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("...!? - ' \n", "")]
    [InlineData("I don't KNOW.", "i|don't|know")]
    [InlineData("I don’t know", "i|don't|know")]
    [InlineData("'quoted' dogs' rock'n'roll", "quoted|dogs|rock'n'roll")]
    [InlineData("a''b", "a|b")]
    [InlineData("well-known 3.14 a_b", "well|known|3|14|a|b")]
    [InlineData("Émile ÄRGER", "émile|ärger")]
    [InlineData("cafe\u0301 \u0301x", "cafe\u0301|x")]
    [InlineData("我是 AiMe🙂ok", "我是|aime|ok")]
    [InlineData("\ud83d alone", "alone")]
    public void A_text_has_these_words(string text, string words) => string.Join('|', WordTokenizer.Of(text)).ShouldBe(words);

    [Theory]
    [InlineData("", "")]
    [InlineData("... !", "")]
    [InlineData("One. Two! Three? Four", "One.|Two!|Three?|Four")]
    [InlineData("Pi is 3.14 or so. Yes.", "Pi is 3.14 or so.|Yes.")]
    [InlineData("Really?! \"Yes.\" (No.) Ok...", "Really?!|\"Yes.\"|(No.)|Ok...")]
    [InlineData("Dr. No. ... Well", "Dr.|No.|Well")]
    [InlineData("line\nline", "line\nline")]
    public void A_text_has_these_sentences(string text, string sentences) =>
        string.Join('|', WordTokenizer.Sentences(text)).ShouldBe(sentences);

    [Fact]
    public void The_sentences_hold_the_words_of_the_text() =>
        Draw.Hold(Draw.Text, text => WordTokenizer.Sentences(text).SelectMany(WordTokenizer.Of).SequenceEqual(WordTokenizer.Of(text)));

    [Fact]
    public void The_words_of_the_words_are_the_words() =>
        Draw.Hold(Draw.Text, text => WordTokenizer.Of(string.Join(' ', WordTokenizer.Of(text))).SequenceEqual(WordTokenizer.Of(text)));

    [Fact]
    public void Ngrams_are_runs_of_neighbours() => Ngrams.Of(["a", "b", "c"], 2).ShouldBe(["a b", "b c"]);

    [Fact]
    public void A_list_shorter_than_n_has_no_ngrams() => Ngrams.Of(["a", "b"], 3).ShouldBeEmpty();

    [Fact]
    public void Ngrams_of_no_words_are_refused() => Should.Throw<ArgumentOutOfRangeException>(() => Ngrams.Of(["a"], 0));

    [Fact]
    public void Counts_do_not_span_texts()
    {
        var counts = Ngrams.Count(["a b a b", "B A"], 2);
        counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => (c.Key, c.Value)).ShouldBe([("a b", 2L), ("b a", 2L)]);
    }
}
