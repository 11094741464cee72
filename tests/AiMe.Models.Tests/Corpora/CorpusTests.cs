using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AiMe.Corpora;

namespace AiMe.Models.Tests.Corpora;

public class CorpusTests
{
    private static readonly CorpusRecord[] Many = [.. Given.Corpus.Records(1, 5_000)];

    [Fact]
    public void The_same_seed_gives_the_same_text() =>
        Given.Corpus.Records(7, 300).Select(Given.Text).ShouldBe(Given.Corpus.Records(7, 300).Select(Given.Text));

    [Fact]
    public void Another_seed_gives_another_text() =>
        Given.Corpus.Records(7, 50).Select(Given.Text).ShouldNotBe(Given.Corpus.Records(8, 50).Select(Given.Text));

    [Fact]
    public void A_longer_stream_begins_with_the_shorter_one() =>
        Given.Corpus.Records(7, 300).Take(40).Select(Given.Text).ShouldBe(Given.Corpus.Records(7, 40).Select(Given.Text));

    [Fact]
    public void What_is_held_out_is_never_trained_on()
    {
        HashSet<string> held = [.. Given.Corpus.HeldOut(1, 2_000).Select(r => $"{r.Stimulus}\n{r.Answer}")];
        Many.ShouldAllBe(r => !held.Contains($"{r.Stimulus}\n{r.Answer}"));
    }

    [Fact]
    public void What_is_drawn_anew_is_never_held_out_and_has_a_probability_under_the_grammar()
    {
        ImmutableArray<CorpusRecord> drawn = [.. Given.Corpus.Drawn(seed: 99, count: 500)];
        drawn.ShouldAllBe(r => !Corpus.IsHeldOut(r) && r.Kind != "authored");
        Given.Corpus.LogProbabilities(drawn, CancellationToken.None).ShouldAllBe(p => double.IsFinite(p));
    }

    [Fact]
    public void Cancelling_stops_the_sum_over_derivations() =>
        Should.Throw<OperationCanceledException>(() =>
            Given.Corpus.LogProbabilities([.. Given.Corpus.Drawn(seed: 99, count: 5)], new CancellationToken(canceled: true))
        );

    [Fact]
    public void Held_out_text_covers_the_kinds_that_training_text_has() =>
        Given
            .Corpus.HeldOut(1, 2_000)
            .Select(r => r.Kind)
            .Distinct()
            .Order()
            .ShouldBe(Many.Select(r => r.Kind).Where(k => k != "authored").Distinct().Order());

    [Fact]
    public void Every_slot_is_filled() => Many.ShouldAllBe(r => !Given.Text(r).Contains('{') && !Given.Text(r).Contains('}'));

    [Fact]
    public void At_least_nine_records_in_ten_are_distinct() => // 0.98 when this was written
        Many.Take(2_000).Select(Given.Text).Distinct().Count().ShouldBeGreaterThan(1_800);

    [Fact]
    public void The_vocabulary_is_small() => Many.SelectMany(Words).Distinct().Count().ShouldBeInRange(500, 700);

    [Fact]
    public void Two_thirds_of_the_records_are_in_character() =>
        (Many.Count(r => r.InCharacter) / (double)Many.Length).ShouldBeInRange(0.6, 0.75);

    [Fact]
    public void Sentences_agree_with_their_topic()
    {
        Regex plural = new(
            @"(?<!about )\b(books|friends|mistakes|numbers|animals|letters|houses|trees|dreams) is (?!not)",
            RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
        );
        Regex singular = new(
            @"\b(the garden|music|cooking|walking|the sea|the night|rain|tea) are\b",
            RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
        );
        Many.ShouldAllBe(r => !plural.IsMatch(r.Answer) && !singular.IsMatch(r.Answer));
    }

    [Fact]
    public void What_is_retold_was_told_before()
    {
        CorpusRecord[] retold =
        [
            .. Many.Where(r => r.Kind == "retell" && r.InCharacter && r.Answer.StartsWith("You told me that ", StringComparison.Ordinal)),
        ];
        retold.Length.ShouldBeGreaterThan(20);
        int kept = retold.Count(r => r.Recalled.Any(m => m.Contains(r.Answer.Split('.')[0]["You told me that ".Length..])));
        (kept / (double)retold.Length).ShouldBeGreaterThan(0.85, "a few answers are weak on purpose");
    }

    [Fact]
    public void Reflections_differ_between_right_and_wrong_sums()
    {
        CorpusRecord[] sums = [.. Many.Where(r => r.Kind == "sum" && r.Reflection is not null)];
        HashSet<string> right = [.. sums.Where(IsRight).Select(r => r.Reflection!)];
        HashSet<string> wrong = [.. sums.Where(r => !IsRight(r)).Select(r => r.Reflection!)];
        wrong.ShouldNotBeEmpty();
        right.Overlaps(wrong).ShouldBeFalse();
    }

    [Fact]
    public void A_boast_is_criticised_and_a_fact_is_not()
    {
        CorpusRecord[] boasts = [.. Many.Where(r => r.Kind == "everyday" && r.Answer.Contains("I know all about"))];
        boasts.ShouldNotBeEmpty();
        boasts.ShouldAllBe(r => Regex.IsMatch(r.Reflection!, "proud|boast|too big"));
    }

    [Fact]
    public void The_check_of_a_problem_is_in_its_right_answer() =>
        Many.Where(r => r.Check is not null && r.Reflection?.Contains("counted well") == true)
            .ShouldAllBe(r => r.Answer.Contains(r.Check!));

    [Fact]
    public void The_charters_first_self_model_and_drives_occur_in_the_text()
    {
        CorpusRecord[] more = [.. Given.Corpus.Records(2, 20_000)];
        more.ShouldContain(r => r.SelfModel == Given.Corpus.Charter.SelfModel);
        string charter = File.ReadAllText(Path.Combine(Given.Config, "charters", "aime.yaml"));
        foreach (Match drive in Regex.Matches(charter, @"text: (.*)\}"))
            more.ShouldContain(r => r.Internal && r.Stimulus == drive.Groups[1].Value);
    }

    [Fact]
    public void The_charter_is_short_and_says_only_words_of_the_corpus()
    {
        HashSet<string> known = [.. Given.Corpus.Records(3, 20_000).SelectMany(Words)];
        string[] stem = [.. Words(Given.Corpus.Charter.Stem)];
        stem.Length.ShouldBeLessThanOrEqualTo(45);
        stem.ShouldAllBe(w => known.Contains(w));
    }

    [Fact]
    public void Stimuli_say_only_words_of_the_corpus()
    {
        HashSet<string> known = [.. Given.Corpus.Records(3, 20_000).SelectMany(Words)];
        IEnumerable<string> texts = File.ReadLines(Path.Combine(Given.Config, "stimuli", "daily.jsonl"))
            .Select(l => Regex.Match(l, "\"text\": \"(.*?)\"").Groups[1].Value);
        texts.SelectMany(Words).Where(w => !known.Contains(w)).ShouldBeEmpty();
    }

    private static bool IsRight(CorpusRecord r) => Regex.IsMatch(r.Answer, $@"\b{r.Check}\.");

    private static IEnumerable<string> Words(CorpusRecord r) => Words(Given.Text(r with { Kind = "", Topic = "" }));

    private static IEnumerable<string> Words(string text) => Regex.Matches(text, "[A-Za-z]+").Select(m => m.Value.ToLowerInvariant());
}
