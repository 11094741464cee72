using AiMe.Metrics.Identity;
using AiMe.Metrics.Text;

namespace AiMe.Metrics.Tests;

public sealed class LogOddsDirichletTests
{
    private static readonly Dictionary<string, long> None = [];

    [Fact]
    public void The_log_odds_by_hand()
    {
        // A prior of 1 each: ln(4 / 2) - ln(2 / 4) = 2 ln 2, variance 1/4 + 1/2.
        var found = LogOddsDirichlet.Compare(Counts(("a", 3), ("b", 1)), Counts(("a", 1), ("b", 3)), None, priorMass: 2);
        found.Select(f => f.Ngram).ShouldBe(["a", "b"]);
        found[0].LogOdds.ShouldBe(2 * Math.Log(2), 1e-15);
        found[0].Z.ShouldBe(2 * Math.Log(2) / Math.Sqrt(0.75), 1e-14);
        found[1].Z.ShouldBe(-found[0].Z, 1e-14);
        (found[0].Count, found[0].ReferenceCount).ShouldBe((3, 1));
    }

    [Fact]
    public void The_prior_follows_the_background()
    {
        // Background a 7, b 1, plus one each: priors 8 and 2 of a mass of 10. Of a: ln(9 / 2) - ln(8 / 3), variance 1/9 + 1/8.
        var found = LogOddsDirichlet.Compare(Counts(("a", 1)), Counts(("b", 1)), Counts(("a", 7), ("b", 1)), priorMass: 10);
        var a = found.Single(f => f.Ngram == "a");
        a.LogOdds.ShouldBe(Math.Log(9.0 / 2) - Math.Log(8.0 / 3), 1e-14);
        a.Z.ShouldBe(a.LogOdds / Math.Sqrt(1.0 / 9 + 1.0 / 8), 1e-14);
    }

    [Fact]
    public void A_word_that_is_common_anyway_is_less_of_a_habit()
    {
        var found = LogOddsDirichlet.Compare(
            Counts(("the", 4), ("tide", 4), ("x", 20)),
            Counts(("x", 28)),
            Counts(("the", 900), ("tide", 2), ("x", 900)),
            priorMass: 50
        );
        found[0].Ngram.ShouldBe("tide");
    }

    [Fact]
    public void Bodies_alike_have_no_signature_and_stand_in_ordinal_order()
    {
        var body = Counts(("b", 2), ("a", 2), ("c", 2));
        var found = LogOddsDirichlet.Compare(body, body, None, priorMass: 1);
        found.Select(f => (f.Ngram, f.Z)).ShouldBe([("a", 0.0), ("b", 0.0), ("c", 0.0)]);
    }

    [Fact]
    public void Swapping_the_sides_turns_the_signs() => Draw.Hold(FsCheck.Fluent.Gen.Two(Draw.Text), x =>
        {
            var (a, b) = (Ngrams.Count([x.Item1], 1), Ngrams.Count([x.Item2], 1));
            var there = LogOddsDirichlet.Compare(a, b, None, 5).ToDictionary(f => f.Ngram, f => f.Z, StringComparer.Ordinal);
            return LogOddsDirichlet.Compare(b, a, None, 5).All(f => f.Z.Equals(-there[f.Ngram]) || f.Z == -there[f.Ngram]);
        });

    [Fact]
    public void Nothing_against_nothing_is_empty() => LogOddsDirichlet.Compare(None, None, None, 1).ShouldBeEmpty();

    [Fact]
    public void The_only_ngram_of_all_has_no_odds() =>
        LogOddsDirichlet.Compare(Counts(("a", 3)), None, None, 1).Single().Z.ShouldBe(double.NaN);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_prior_without_weight_is_refused(double priorMass) =>
        Should.Throw<ArgumentOutOfRangeException>(() => LogOddsDirichlet.Compare(None, None, None, priorMass));

    [Fact]
    public void A_negative_count_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => LogOddsDirichlet.Compare(Counts(("a", -1)), None, None, 1));

    private static Dictionary<string, long> Counts(params (string Ngram, long Count)[] counts) =>
        counts.ToDictionary(c => c.Ngram, c => c.Count, StringComparer.Ordinal);
}
