using System.Collections.Immutable;
using AiMe.Lab.Analysis.Ratings;

namespace AiMe.Lab.Tests.Analysis.Ratings;

/// <summary>Blind pairs: what a rater sees, what stays on file, and what a report makes of it.</summary>
public sealed class RatingSessionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aime-rate-").FullName;

    private string File => Path.Combine(_folder, "one.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_pair_has_one_question_one_generation_and_one_replicate_and_no_name_of_a_variant()
    {
        var queue = Queue("one");
        queue.Pairs.Length.ShouldBe(16);
        queue.Pairs.Select(p => p.Generation).Distinct().Order().ShouldBe([0, 1]);
        foreach (var pair in queue.Pairs)
        {
            pair.Id.ShouldNotContain("wild");
            new[] { pair.FirstVariant, pair.SecondVariant }.Order().ShouldBe(["tame", "wild"]);
            pair.First.ShouldStartWith(pair.FirstVariant);
            pair.First.Split(' ')[^1].ShouldBe(pair.Second.Split(' ')[^1], "of the same cycle");
        }
    }

    [Fact]
    public void Sides_and_order_are_mixed_differ_between_raters_and_are_the_same_again()
    {
        Ids("one").ShouldBe(Ids("one"));
        Ids("two").ShouldNotBe(Ids("one"));
        Ids("two").Order().ShouldBe(Ids("one").Order());
        Queue("one").Pairs.Count(p => p.FirstVariant == "wild").ShouldBeInRange(3, 13);

        static string[] Ids(string rater) => [.. Queue(rater).Pairs.Select(p => p.Id)];
    }

    [Fact]
    public void Answers_that_are_the_same_are_left_out_and_counted()
    {
        var record = RatedRun.Of(1, (variant, cycle) => cycle < 3 ? "the same" : variant);
        var queue = PairQueue.Of(record, "wild", "tame", "one");
        (queue.Pairs.Length, queue.Equal).ShouldBe((6, 2));
    }

    [Fact]
    public void A_rater_goes_on_where_the_file_ends()
    {
        RatingSession session = new(Queue("one"), File);
        var first = session.Current!.Id;
        session.Rate(Choices(SignChoice.First), "clear");
        session.Skip();
        RatingSession again = new(Queue("one"), File);
        (again.Done, again.Current!.Id).ShouldBe((2, session.Current!.Id));
        again.Current.Id.ShouldNotBe(first);
        System.IO.File.ReadAllLines(File).Length.ShouldBe(2);
    }

    [Fact]
    public void What_is_taken_back_is_asked_again_and_stays_on_file()
    {
        RatingSession session = new(Queue("one"), File);
        session.Undo().ShouldBeFalse("nothing is rated yet");
        var (first, second) = (session.Current!.Id, session.Queue.Pairs[1].Id);
        session.Rate(Choices(SignChoice.First));
        session.Skip();
        session.Undo().ShouldBeTrue();
        session.Current!.Id.ShouldBe(second);
        session.Undo().ShouldBeTrue();
        session.Current!.Id.ShouldBe(first);
        session.CanUndo.ShouldBeFalse();
        session.Rate(Choices(SignChoice.Both));
        PairRatingFile.Counting(PairRatingFile.Read(File)).Single().Choices!["prefers"].ShouldBe(SignChoice.Both);
        System.IO.File.ReadAllLines(File).Length.ShouldBe(5, "nothing is ever deleted");
        new RatingSession(Queue("one"), File).Done.ShouldBe(1);
    }

    [Fact]
    public void The_file_of_another_rater_or_of_other_answers_is_refused()
    {
        new RatingSession(Queue("one"), File).Rate(Choices(SignChoice.Neither));
        Should
            .Throw<PairRatingException>(() => new RatingSession(Queue("two"), File))
            .Message.ShouldContain("by one between tame and wild");
        var other = PairQueue.Of(RatedRun.Of(2, (v, c) => $"{v} said {c}"), "wild", "tame", "one");
        Should.Throw<PairRatingException>(() => new RatingSession(other, File)).Message.ShouldContain("is of other answers");
    }

    [Fact]
    public void A_rater_may_rate_other_variants_of_the_run_in_the_same_file_and_each_pair_is_reported_by_itself()
    {
        RatingSession first = new(Queue("one"), File);
        first.Rate(Choices(SignChoice.First));
        var line = PairRatingFile.Read(File).Single();
        PairRatingFile.Append(File, line with { Between = ["calm", "wild"] });
        RatingSession again = new(Queue("one"), File);
        (again.Done, again.CanUndo).ShouldBe((1, true));
        var lines = PairRatingFile.Read(File);
        Should.Throw<PairRatingException>(() => SignReport.Of(RatedRun.Of(2), lines)).Message.ShouldContain("one pair of variants");
        SignReport.Of(RatedRun.Of(2), [.. PairRatingFile.Between(lines, ["wild", "tame"])]).Raters.ShouldBe([("one", 1)]);
    }

    [Fact]
    public void A_line_that_is_no_rating_is_named()
    {
        new RatingSession(Queue("one"), File).Skip();
        System.IO.File.AppendAllText(File, "{\"pair\":1}\n");
        Should
            .Throw<PairRatingException>(() => PairRatingFile.Read(File))
            .Message.ShouldStartWith($"{File}:2: this line is no rating of a pair: ");
    }

    [Theory]
    [InlineData("{\"pair\": \"g0/", ":1:14: this line is no rating of a pair: it ends inside a value")]
    [InlineData("{\"pair\": \"g0/r1/e1\"}", ":1: this line is no rating of a pair: it has no run, between, rater, form, shown")]
    public void A_line_that_was_cut_off_or_lacks_members_is_told_in_words(string line, string told)
    {
        System.IO.File.WriteAllText(File, line);
        Should.Throw<PairRatingException>(() => PairRatingFile.Read(File)).Message.ShouldStartWith($"{File}{told}");
    }

    [Fact]
    public void The_report_counts_variants_and_not_sides()
    {
        RateAll("one", pair => pair.FirstVariant == "wild" ? SignChoice.First : SignChoice.Second);
        var report = SignReport.Of(RatedRun.Of(2), PairRatingFile.Read(File));
        report.Variants.ShouldBe(["tame", "wild"]);
        var all = report.Rows.First(r => r.Sign == "prefers");
        (all.Generation, all.OnlyFirst, all.OnlySecond, all.Both, all.Neither, all.Method).ShouldBe((null, 0, 16, 0, 0, "pairs"));
        (all.Share.Mean, all.Share.Low).ShouldBe((0, 0));
        all.Share.High.ShouldBe(0.2059, 1e-3, "Clopper and Pearson, 0 of 16");
        report.Rows.Where(r => r.Sign == "prefers").Select(r => r.Generation).ShouldBe([null, 0, 1]);
        report.Agreement.ShouldBeEmpty("one rater agrees with nobody");
    }

    [Fact]
    public void Raters_who_saw_other_sides_agree_on_the_variant()
    {
        foreach (var rater in (string[])["one", "two"])
            RateAll(rater, pair => pair.FirstVariant == "wild" == pair.Id.EndsWith('3') ? SignChoice.First : SignChoice.Second);
        var report = SignReport.Of(RatedRun.Of(2), PairRatingFile.Read(File));
        report.Raters.ShouldBe([("one", 16), ("two", 16)]);
        foreach (var (_, agreement) in report.Agreement)
            (agreement.Alpha, agreement.Units).ShouldBe((1, 16));
    }

    [Fact]
    public void With_five_replicates_the_interval_is_over_replicates()
    {
        var record = RatedRun.Of(5);
        RatingSession session = new(PairQueue.Of(record, "wild", "tame", "one"), File);
        while (session.Current is { } pair)
            session.Rate(Choices(pair.Replicate < 3 == (pair.FirstVariant == "wild") ? SignChoice.First : SignChoice.Second));
        var row = SignReport.Of(record, PairRatingFile.Read(File)).Rows[0];
        (row.Method, row.Share.Mean, row.Share.N).ShouldBe(("replicates", 0.6, 5));
        row.Share.Low.ShouldBeLessThan(0.3);
    }

    private static PairQueue Queue(string rater) => PairQueue.Of(RatedRun.Of(2), "wild", "tame", rater);

    private static ImmutableSortedDictionary<string, SignChoice> Choices(SignChoice choice) =>
        SignForm.Signs.ToImmutableSortedDictionary(s => s.Key, _ => choice, StringComparer.Ordinal);

    private void RateAll(string rater, Func<AnswerPair, SignChoice> choose)
    {
        var own = Path.Combine(_folder, $"{rater}-own.jsonl");
        RatingSession session = new(Queue(rater), own);
        while (session.Current is { } pair)
            session.Rate(Choices(choose(pair)));
        System.IO.File.AppendAllText(File, System.IO.File.ReadAllText(own));
    }
}
