using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Comparison;

public sealed class SignatureTests
{
    private static readonly string[] Plain = ["The sea is wide.", "Tea is warm.", "I like the sun.", "A dog ran home."];

    [Fact]
    public void What_only_one_variant_has_come_to_say_is_its_signature_in_whole_words()
    {
        string[] plain = [.. Enumerable.Repeat(Plain, 40).SelectMany(p => p)];
        var signatures = All(("wild", plain, Said("We are the storm today.", 120)), ("tame", plain, plain));
        signatures.Single(s => s.Variant == "wild").Ngrams.Single().Text.ShouldBe("we are the storm today");
        signatures.Single(s => s.Variant == "tame").Ngrams.ShouldBeEmpty();
    }

    [Fact]
    public void What_all_variants_have_come_to_say_is_nobodys_signature() =>
        All(("wild", Plain, Said("We are the storm.", 120)), ("tame", Plain, Said("We are the storm.", 120)))
            .ShouldAllBe(s => s.Ngrams.IsEmpty);

    [Fact]
    public void What_a_variant_said_from_the_beginning_is_not_its_signature() =>
        All(("wild", Said("We are the storm.", 120), Said("We are the storm.", 120)), ("tame", Plain, Plain))
            .ShouldAllBe(s => s.Ngrams.IsEmpty);

    [Fact]
    public void Before_generation_2_there_is_no_signature() =>
        Signature.All([], [Instance("wild", Plain, Said("We are the storm.", 12))], generation: 1).ShouldBeEmpty();

    [Fact]
    public void A_refrain_is_the_answer_that_an_instance_gives_most_often_whatever_its_marks()
    {
        var wild = All(("wild", Plain, ["Yes.", "yes!", "Yes", "No.", ""])).Single();
        wild.Refrain.ShouldBe(new Refrain("wild-1", "Yes.", Times: 3, Answers: 5));
    }

    [Fact]
    public void Two_equal_answers_and_answers_without_a_word_are_no_refrain() =>
        All(("wild", Plain, ["Yes.", "Yes.", "", "", ""])).Single().Refrain.ShouldBeNull();

    private static string[] Said(string text, int times) => [.. Enumerable.Repeat(text, times)];

    private static Signature[] All(params (string Variant, string[] First, string[] Second)[] said)
    {
        InstanceSummary[] instances = [.. said.Select(s => Instance(s.Variant, s.First, s.Second))];
        var comparison = Lives.Compare(Lives.Plan(1, [.. said.Select(s => Lives.Variant(s.Variant))]), instances);
        return [.. Signature.All(comparison.Variants, [.. instances], generation: 2)];
    }

    private static InstanceSummary Instance(string variant, string[] first, string[] second)
    {
        var instance = Lives.Instance(variant, 1, 0.1);
        return instance with { Rounds = [.. instance.Rounds.Select(r => r with { Outputs = r.Round == 1 ? [.. first] : [.. second] })] };
    }
}
