using AiMe.Lab.Analysis.Ratings;

namespace AiMe.Lab.Tests.Analysis.Ratings;

/// <summary>The form on one pair after another, and where ratings are kept.</summary>
public sealed class FilledFormTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("aime-form-").FullName;

    private string File => PairRatingFolder.FileOf(_root, "test-12345678", "one");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_pair_is_on_file_when_every_sign_has_a_choice()
    {
        FilledForm form = new(Session());
        var pair = form.Pair!.Id;
        foreach (var sign in SignForm.Signs)
        {
            (form.Pair!.Id, form.Sign).ShouldBe((pair, sign));
            System.IO.File.Exists(File).ShouldBeFalse();
            form.Note = "clear";
            form.Choose(SignChoice.Both);
        }

        (form.Pair!.Id == pair, form.Answered, form.Note).ShouldBe((false, 0, null));
        PairRatingFile.Read(File).Single().Note.ShouldBe("clear");
    }

    [Fact]
    public void Undo_takes_back_the_last_sign_of_the_pair_and_then_the_last_pair()
    {
        FilledForm form = new(Session());
        (form.CanUndo, form.Undo()).ShouldBe((false, false));
        var first = form.Pair!.Id;
        form.Skip();
        form.Choose(SignChoice.First);
        form.Undo().ShouldBeTrue();
        (form.Answered, form.Pair!.Id == first).ShouldBe((0, false));
        form.Undo().ShouldBeTrue();
        form.Pair!.Id.ShouldBe(first);
        form.CanUndo.ShouldBeFalse();
    }

    [Fact]
    public void The_folder_has_a_file_for_each_run_and_rater()
    {
        PairRatingFolder.FilesOf(_root, "test-12345678").ShouldBeEmpty("nobody has rated");
        Session().Skip();
        foreach (var other in (string[])["test-1234567.one", "test-12345678.a.b", "test-12345678"])
            System.IO.File.WriteAllText(Path.Combine(_root, PairRatingFolder.Name, $"{other}.jsonl"), "");
        PairRatingFolder.FilesOf(_root, "test-12345678").ShouldBe([File]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("../x")]
    [InlineData("a b")]
    public void A_name_that_could_not_be_part_of_a_files_name_is_refused(string? name) =>
        RaterName.FaultOf(name).ShouldNotBeNull().ShouldContain("expected a name of your own choice");

    [Theory]
    [InlineData("ada")]
    [InlineData("Ада_2-b")]
    public void Letters_digits_hyphens_and_underscores_make_a_name(string name) => RaterName.FaultOf(name).ShouldBeNull();

    private RatingSession Session() => new(PairQueue.Of(RatedRun.Of(1), "wild", "tame", "one"), File);
}
