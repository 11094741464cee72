using AiMe.EventSourcing;
using AiMe.Faculties.Curator;
using AiMe.Faculties.Reflector;

namespace AiMe.Faculties.Tests;

public sealed class ReflectorTests
{
    private static readonly ReflectorBegan Began = new(Some.Charter, Some.Reflector, Some.Spec.Seed);

    [Fact]
    public void Beginning_tells_the_Self_and_again() =>
        Given().When(new BeginReflector(Some.Charter, Some.Reflector, Some.Spec.Seed)).Then(Began).Hands("self began").AndTheSameAgain();

    [Fact]
    public void Nothing_is_reflected_on_before_the_beginning() =>
        Given().When(new Reflect(Some.Draft(1))).RefusedBecause("BeginReflector comes first");

    [Fact]
    public void An_output_is_reflected_on_by_the_model() =>
        Given(Began).When(new Reflect(Some.Draft(1))).Then().Hands("c1 reflect 1").AndTheSameAgain();

    [Fact]
    public void The_reflection_is_handed_to_the_Curator() =>
        Given(Began)
            .When(new ReflectionGenerated(Some.Draft(1), 1, "Well said."))
            .ThenOf(typeof(Reflected))
            .Hands("curator c1 judge")
            .AndAgain()
            .Afterwards.When(new Reflect(Some.Draft(1)))
            .Then()
            .Hands("curator c1 judge");

    [Fact]
    public void What_the_model_reasoned_before_its_reflection_stays_in_the_event()
    {
        var reflected = Given(Began)
            .When(new ReflectionGenerated(Some.Draft(1), 1, "Well said.", Reasoning: "Is it true?"))
            .ThenOf(typeof(Reflected));
        ((Reflected)reflected.Events[0]).Reasoning.ShouldBe("Is it true?");
    }

    [Fact]
    public void A_reflection_may_say_nothing() =>
        Given(Began).When(new ReflectionGenerated(Some.Draft(1), 1, "")).ThenOf(typeof(Reflected)).Hands("curator c1 judge");

    [Fact]
    public void A_cycle_long_closed_is_passed_over()
    {
        var given = Given(Began, new Reflected(1, Some.Reflection()), new Reflected(2, Some.Reflection()));
        foreach (
            var late in (Command[])
                [
                    new Reflect(Some.Draft(1)),
                    new ReflectionGenerated(Some.Draft(1), 1, "late"),
                    new ReflectionFailed(Some.Draft(1), 1, "late"),
                    new InsightGenerated(Some.Draft(1), Some.Reflection(), 1, "late"),
                    new InsightFailed(Some.Draft(1), Some.Reflection(), 1, "late"),
                ]
        )
            given.When(late).Then().Hands();
    }

    [Theory]
    [InlineData(null, null, 0.2, 0.7)]
    [InlineData(0.9, 0.8, 0.9, 0.8)]
    public void The_providers_scores_stand_where_it_gives_them_and_else_those_measured(
        double? alignment,
        double? quality,
        double expectedAlignment,
        double expectedQuality
    )
    {
        var reflected = Given(Began)
            .When(new ReflectionGenerated(Some.Draft(1, Some.Said("a", 0.2, 0.7)), 1, "", alignment, quality))
            .Events.Single();
        reflected
            .ShouldBeOfType<Reflected>()
            .Reflection.ShouldSatisfyAllConditions(r => r.Alignment.ShouldBe(expectedAlignment), r => r.Quality.ShouldBe(expectedQuality));
    }

    [Theory]
    [InlineData(0.5, 0, false, 1)]
    [InlineData(1.0, 0, false, 5)]
    [InlineData(0.0, 0, false, 5)]
    [InlineData(1.0, 20, false, 9)]
    [InlineData(1.0, 400, true, 10)]
    [InlineData(double.NaN, double.NaN, false, 1)]
    public void What_is_unusual_or_personal_or_its_own_idea_is_important(
        double alignment,
        double selfReference,
        bool isInternal,
        double expected
    )
    {
        var draft = Some.Draft(1, Some.Answer with { Scores = Some.Scored(alignment, selfReference: selfReference) }) with
        {
            Stimulus = Some.Stimulus(1) with { Internal = isInternal },
        };
        Given(Began)
            .When(new ReflectionGenerated(draft, 1, ""))
            .Events.Single()
            .ShouldBeOfType<Reflected>()
            .Reflection.Importance.ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void A_failed_reflection_is_an_event_and_asked_again_with_another_seed()
    {
        var first = Given(Began).When(new Reflect(Some.Draft(1))).Effect<GenerateReflection>();
        var failed = Given(Began)
            .When(new ReflectionFailed(Some.Draft(1), 1, "503"))
            .Then(new ReflectorGenerationFailed(1, "reflection", 1, "503"))
            .Hands("c1 reflect 2");
        failed.Effect<GenerateReflection>().Seed.ShouldNotBe(first.Seed);
        failed.AndAgain();
    }

    [Fact]
    public void After_the_last_attempt_the_reflection_is_left_empty_and_never_holds_the_error()
    {
        var outcome = Given(Began, new ReflectorGenerationFailed(1, "reflection", 1, "503"))
            .When(new ReflectionFailed(Some.Draft(1), 2, "503"))
            .ThenOf(typeof(ReflectorGenerationFailed), typeof(Reflected))
            .Hands("curator c1 judge");
        outcome.Events[1].ShouldBeOfType<Reflected>().Reflection.Text.ShouldBe("");
        outcome.AndAgain();
    }

    [Fact]
    public void When_enough_of_importance_has_happened_an_insight_is_asked_for()
    {
        var due = Given(Began, new Reflected(1, Some.Reflection(4)), new Reflected(2, Some.Reflection(4)))
            .When(new ReflectionGenerated(Heavy(3), 1, ""))
            .ThenOf(typeof(Reflected))
            .Hands("c3 insight 1");
        due.Afterwards.When(new Reflect(Heavy(3))).Then().Hands("c3 insight 1");
    }

    [Fact]
    public void An_insight_cites_the_weightiest_of_what_it_rests_on_and_the_sum_begins_anew()
    {
        Event[] lived = [Began, .. Enumerable.Range(1, 7).Select(c => new Reflected(c, Some.Reflection(c == 2 ? 5 : 2)))];
        var formed = Given(lived)
            .When(new InsightGenerated(Some.Draft(7), Some.Reflection(), 1, "I am steady."))
            .ThenOf(typeof(InsightFormed))
            .Hands("curator c7 judge");
        var insight = formed.Events[0].ShouldBeOfType<InsightFormed>().Insight!;
        insight.Id.ShouldBe(MemoryId.OfInsight(1));
        insight.Evidence.Select(e => e.Value).ShouldBe(["e2", "e1", "e3", "e4", "e5"]);
        ((ReflectorState)formed.Afterwards.State).Importance.ShouldBe(0);
        formed.AndAgain().Afterwards.When(new Reflect(Some.Draft(7))).Told<Judge>().Insight!.Statement.ShouldBe("I am steady.");
    }

    [Fact]
    public void An_insight_that_cannot_be_had_is_given_up_and_the_cycle_goes_on()
    {
        Event[] due = [Began, new Reflected(1, Some.Reflection(10))];
        var once = Given(due)
            .When(new InsightFailed(Some.Draft(1), Some.Reflection(), 1, "503"))
            .Then(new ReflectorGenerationFailed(1, "insight", 1, "503"))
            .Hands("c1 insight 2")
            .AndAgain();
        once.Afterwards.When(new InsightFailed(Some.Draft(1), Some.Reflection(), 2, "503"))
            .Then(new ReflectorGenerationFailed(1, "insight", 2, "503"), new InsightFormed(1, null, 10))
            .Hands("curator c1 judge")
            .AndAgain();
    }

    [Fact]
    public void Even_a_threshold_of_zero_asks_for_one_insight_a_cycle()
    {
        var eager = Began with { Settings = Some.Reflector with { InsightThreshold = 0 } };
        Given(eager, new Reflected(1, Some.Reflection()))
            .When(new InsightGenerated(Some.Draft(1), Some.Reflection(), 1, "I am."))
            .Hands("curator c1 judge");
    }

    private static Draft Heavy(int cycle) => Some.Draft(cycle, Some.Answer with { Scores = Some.Scored(1) });

    private static Situation Given(params Event[] past) => new(Loop.Faculties[2], [.. past]);
}
