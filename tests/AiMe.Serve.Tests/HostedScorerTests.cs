using AiMe.Effects;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Models;
using AiMe.Models.OpenAi;
using AiMe.Models.OpenAi.Scoring;
using AiMe.Models.Tests.Nano;
using Microsoft.Extensions.AI;

namespace AiMe.Serve.Tests;

/// <summary>The provider openai over this server: what it scores is equal to the bit with what the provider nano scores.</summary>
public sealed class HostedScorerTests : IAsyncLifetime
{
    private static readonly string[] Texts = ["the sea is deep", " I am small.", "x", "", "I stayed calm. I notice the sea."];

    private Served _served = default!;

    public async Task InitializeAsync() => _served = await Served.StartAsync();

    public async Task DisposeAsync() => await _served.DisposeAsync();

    [Theory]
    [InlineData(ScoringWay.PromptLogProbabilities)]
    [InlineData(ScoringWay.Completions)]
    [InlineData(ScoringWay.Auto)]
    public async Task Each_way_gives_the_scores_of_the_same_process(ScoringWay way)
    {
        List<List<ChatMessage>> prompts =
        [
            SmallNano.Question("Why?"),
            [Parts.Message(Parts.Charter, "I am."), Parts.Message(Parts.Recalled, "the sea"), Parts.Message(Parts.Drive, "What?")],
            [Parts.Message(Parts.Stimulus, "What is the sea?"), Parts.Message(Parts.Stem, "The sea is")],
        ];
        foreach (var prompt in prompts)
        {
            var here = await _served.Nano.Provider.ScoreAsync(_served.Nano.Base, prompt, Texts, default);
            var there = await Scorer(way).ScoreAsync(Served.Model, prompt, Texts, default);
            there.ShouldBe(here);
        }
    }

    [Fact]
    public async Task A_memory_for_which_there_is_no_room_is_left_out_on_both_sides()
    {
        List<ChatMessage> messages =
        [
            Parts.Message(Parts.Charter, "I am small."),
            Parts.Message(Parts.Recalled, string.Concat(Enumerable.Repeat("the sea ", 30))),
            Parts.Message(Parts.Stimulus, "Why?"),
        ];
        var here = await _served.Nano.Provider.ScoreAsync(_served.Nano.Base, messages, ["the sea"], default);
        (await Scorer(ScoringWay.PromptLogProbabilities).ScoreAsync(Served.Model, messages, ["the sea"], default)).ShouldBe(here);
    }

    [Fact]
    public async Task Held_out_cross_entropy_and_choice_probes_are_those_of_the_same_process()
    {
        GivenExamples examples = new([
            .. Texts
                .Where(t => t.Length > 0)
                .Select(t => (IReadOnlyList<ChatMessage>)[.. SmallNano.Question("Why?"), Parts.Message(Parts.Answer, t)]),
        ]);
        var scorer = Scorer(ScoringWay.PromptLogProbabilities);
        var there = await new HeldOutEvaluator(scorer, examples).HeldOutAsync(new ModelId(Served.Model), new Seed(1), default);
        there.ShouldBe(
            await new HeldOutEvaluator(_served.Nano.Provider, examples).HeldOutAsync(new ModelId(_served.Nano.Base), new Seed(1), default)
        );
        double.IsFinite(there).ShouldBeTrue();
    }

    [Fact]
    public async Task A_sample_with_one_seed_is_that_of_the_same_process()
    {
        ChatOptions options = new()
        {
            ModelId = _served.Nano.Base,
            Temperature = 0.8f,
            TopP = 0.95f,
            MaxOutputTokens = 12,
            Seed = unchecked((long)0xF123_4567_89AB_CDEFUL),
            AdditionalProperties = new() { [Parts.Task] = TextTask.Reflection },
        };
        List<ChatMessage> messages = [.. SmallNano.Question("Why?"), Parts.Message(Parts.Request, "Reflect.")];
        var here = (await _served.Nano.Provider.GetResponseAsync(messages, options)).Text;
        options.ModelId = Served.Model;
        (await new OpenAiChat(Server(), Served.Model).GetResponseAsync(messages, options)).Text.Trim().ShouldBe(here);
    }

    private OpenAiScorer Scorer(ScoringWay way) => new(Server(), new ScoringOptions(way));

    private OpenAiServer Server() =>
        OpenAiServer.Connect(
            new OpenAiOptions(_served.Server.Address)
            {
                KeyVariable = null,
                Retries = 0,
                Names = true,
            },
            _ => null,
            TimeProvider.System
        );
}
