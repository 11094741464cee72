using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Reflector;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Faculties.Trainer;
using AiMe.Lab.History;

namespace AiMe.Lab.Tests.History;

public sealed class CallTallyTests
{
    private static readonly Reflection Said = new("Well said.", 0.5, 0.5, 1);

    [Fact]
    public void Every_repetition_that_fails_is_counted_and_so_is_what_stays_missing()
    {
        var tally = CallTally.Of([
            new ReflectorGenerationFailed(1, "reflection", 1, "busy"),
            new Reflected(1, Said),
            new ReflectorGenerationFailed(2, "reflection", 1, "busy"),
            new ReflectorGenerationFailed(2, "reflection", 2, "busy"),
            new Reflected(2, Said with { Text = "" }),
            new Reflected(3, Said),
        ]);
        tally.Of(CallKind.Reflection).ShouldBe(new CallCount(Succeeded: 2, Failed: 3, Missing: 1));
        CallWords
            .Of(CallKind.Reflection, tally.Of(CallKind.Reflection))
            .ShouldBe("3 of 5 calls for reflections failed (60%); 1 experience has no reflection");
    }

    [Fact]
    public void A_failed_reflection_and_a_failed_insight_are_two_kinds()
    {
        var tally = CallTally.Of([new ReflectorGenerationFailed(1, "insight", 1, "busy"), new InsightFormed(1, null, 12)]);
        tally.Of(CallKind.Insight).ShouldBe(new CallCount(0, 1, 1));
        tally.Of(CallKind.Reflection).ShouldBe(default);
    }

    [Fact]
    public void What_is_given_is_not_called_for()
    {
        var answered = new Answered(1, [new Candidate("Yes.", 0, double.NaN, "given", Scores.Undefined)], 0);
        CallTally
            .Of([new ExperienceGiven(1, new Given("Yes.", "")), answered, new Reflected(1, Said with { Text = "" })])
            .Kinds.ShouldBeEmpty();
        CallTally
            .Of([new ExperienceGiven(1, new Given("Yes.", null)), answered, new Reflected(1, Said)])
            .Kinds.ShouldBe([(CallKind.Reflection, new CallCount(1, 0, 0))]);
    }

    [Fact]
    public void More_than_a_twentieth_is_worth_a_warning_and_a_twentieth_is_not()
    {
        new CallCount(95, 5, 0).IsConcerning.ShouldBeFalse();
        new CallCount(94, 6, 0).IsConcerning.ShouldBeTrue();
        default(CallCount).IsConcerning.ShouldBeFalse();
        double.IsNaN(default(CallCount).FailedShare).ShouldBeTrue();
    }

    [Fact]
    public void Calls_that_all_fail_never_succeeded_and_calls_that_were_not_made_did_not_fail()
    {
        new CallCount(0, 3, 1).NeverSucceeded.ShouldBeTrue();
        new CallCount(1, 300, 1).NeverSucceeded.ShouldBeFalse();
        default(CallCount).NeverSucceeded.ShouldBeFalse();
    }

    [Fact]
    public void A_sum_has_the_calls_of_all_and_leaves_the_parts_as_they_are()
    {
        var one = CallTally.Of([new Failed(1, "it diverged")]);
        CallTally.Sum([one, one]).Of(CallKind.Training).ShouldBe(new CallCount(0, 2, 2));
        one.Of(CallKind.Training).ShouldBe(new CallCount(0, 1, 1));
    }

    // An event that reports a failure and is not counted would be a failure in silence.
    [Fact]
    public void Every_event_with_an_error_is_counted_as_a_failed_call()
    {
        string[] counted =
        [
            .. CallTally.ByManifest.Where(m => m.Value.Outcome == CallOutcome.Failed).Select(m => m.Key),
            .. CallTally.ByContent,
        ];
        var failures = typeof(Loop)
            .Assembly.GetTypes()
            .Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(Event)) && t.GetProperty("Error") is not null)
            .Select(t => FacultyEvents.Codec.Manifests.Single(m => Named(m) == ManifestOf(t)))
            .Select(Named)
            .ToArray();
        failures.Length.ShouldBeGreaterThan(7);
        failures.ShouldBeSubsetOf(counted);
    }

    [Fact]
    public void Every_kind_of_call_has_words() =>
        Enum.GetValues<CallKind>().Select(CallWords.Of).Distinct().Count().ShouldBe(Enum.GetValues<CallKind>().Length);

    [Fact]
    public void A_parameter_left_out_says_what_is_not_known_without_it()
    {
        CallWords
            .Of(new ParameterLeftOut("log-probabilities", "", "the server said: unknown parameter."))
            .ShouldBe(
                "the server said: unknown parameter. The log-probabilities of answers are not known, and the answers to choice probes are sampled"
            );
        CallWords.Of(new ParameterLeftOut("token-limit", "max_tokens", "")).ShouldBe("max_tokens is sent instead");
    }

    [Fact]
    public void Of_a_parameter_that_was_refused_in_two_forms_the_last_counts()
    {
        ParameterLeftOut json = new("response-format", "json_object", "no schema"),
            none = new("response-format", "", "no form at all"),
            seed = new("seed", "", "no seed");
        CallWords.InForce([json, seed, none]).ShouldBe([none, seed]);
    }

    private static string Named(string manifest) => manifest[..manifest.IndexOf('@')];

    private static string ManifestOf(Type happened) =>
        ((ManifestAttribute)happened.GetCustomAttributes(typeof(ManifestAttribute), inherit: false).Single()).Name;
}
