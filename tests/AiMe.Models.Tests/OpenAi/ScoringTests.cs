using System.Text.Json;
using AiMe.Models.Nano;
using AiMe.Models.OpenAi.Scoring;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.OpenAi;

/// <summary>Given text is scored by each way that servers have, and never from an answer that is not certain.</summary>
public sealed class ScoringTests : Served
{
    private static readonly ChatMessage[] Prompt = [Parts.Message(Parts.Charter, "I am AiMe."), Parts.Message(Parts.Stimulus, "Who?")];

    [Fact]
    public async Task A_text_is_scored_by_the_log_probabilities_of_the_prompt_that_continues_a_chat()
    {
        Stub.Answers = WordScores.AnswerAsync;

        var scores = await Scorer(ScoringWay.PromptLogProbabilities).ScoreAsync("some-model", Prompt, ["yes no", "yes", ""], default);

        scores.ShouldBe([new TextScore(-5, 2), new TextScore(-3, 1), default], "a word of n letters has ln p = -n");
        Stub.Requests.Count.ShouldBe(3, "the prompt alone is asked for once");
        var (whole, alone) = (Stub.Requests.First().Json, Stub.Requests.ElementAt(1).Json);
        alone.GetProperty("add_generation_prompt").GetBoolean().ShouldBeTrue();
        alone.GetProperty("messages").GetArrayLength().ShouldBe(2);
        whole.GetProperty("continue_final_message").GetBoolean().ShouldBeTrue();
        whole.GetProperty("add_generation_prompt").GetBoolean().ShouldBeFalse();
        whole.GetProperty("prompt_logprobs").GetInt32().ShouldBe(0);
        whole.GetProperty("max_tokens").GetInt32().ShouldBe(1);
        whole.GetProperty("messages")[2].GetRawText().ShouldBe("""{"role":"assistant","content":"yes no"}""");
    }

    [Fact]
    public async Task A_text_after_a_stem_is_scored_behind_it_and_a_server_that_knows_names_gets_both_parts()
    {
        Stub.Answers = WordScores.AnswerAsync;
        ChatMessage[] stemmed = [.. Prompt, Parts.Message(Parts.Stem, "I say")];

        (await Scorer(ScoringWay.PromptLogProbabilities).ScoreAsync("some-model", stemmed, [" yes no"], default)).ShouldBe([new(-5, 2)]);
        Stub.Requests.First().Json.GetProperty("messages")[2].GetProperty("content").GetString().ShouldBe("I say yes no");
        Stub.Requests.Last().Json.GetProperty("continue_final_message").GetBoolean().ShouldBeTrue("the stem alone is not ended either");
        Stub.Requests.Clear();

        var named = new OpenAiScorer(Server(o => o with { Names = true }), new(ScoringWay.PromptLogProbabilities));
        (await named.ScoreAsync("some-model", stemmed, [" yes no"], default)).ShouldBe([new(-5, 2)]);
        Stub.Requests.First()
            .Json.GetProperty("messages")
            .EnumerateArray()
            .Select(m => (m.GetProperty("name").GetString(), m.GetProperty("content").GetString()))
            .ShouldBe([("charter", "I am AiMe."), ("stimulus", "Who?"), ("stem", "I say"), ("answer", " yes no")]);
    }

    [Fact]
    public async Task A_text_is_scored_by_an_echo_of_the_tokens_of_a_chat_if_the_server_tells_them()
    {
        Stub.Answers = WordScores.AnswerAsync;

        (await Scorer(ScoringWay.Completions).ScoreAsync("some-model", Prompt, ["yes no"], default)).ShouldBe([new(-5, 2)]);

        Stub.Requests.Select(r => r.Path).ShouldBe(["/tokenize", "/tokenize", "/v1/completions"]);
        var echo = Stub.Requests.Last().Json;
        echo.GetProperty("echo").GetBoolean().ShouldBeTrue();
        echo.GetProperty("max_tokens").GetInt32().ShouldBe(0);
        echo.GetProperty("prompt").ValueKind.ShouldBe(JsonValueKind.Array);
    }

    [Fact]
    public async Task A_text_is_scored_by_an_echo_in_the_chat_template_if_the_server_has_no_tokenizer()
    {
        Stub.Answers = (context, asked) => asked.Path == "/tokenize" ? Missing(context) : WordScores.AnswerAsync(context, asked);
        OpenAiScorer scorer = new(Server(), new(ScoringWay.Completions, ChatTemplate.ChatMl));

        (await scorer.ScoreAsync("some-model", Prompt, ["yes no"], default)).ShouldBe([new(-6, 2)], "the blank belongs to its word");
        (await scorer.ScoreAsync("some-model", Prompt, ["yes"], default)).ShouldBe([new(-3, 1)]);

        Stub.Requests.Count(r => r.Path == "/tokenize").ShouldBe(1, "what is missing is asked for once");
        Stub.Requests.Last()
            .Json.GetProperty("prompt")
            .GetString()
            .ShouldBe(
                "<|im_start|>system\nAnswer as the one who says this of itself: I am AiMe.<|im_end|>\n<|im_start|>user\nWho?<|im_end|>\n"
                    + "<|im_start|>assistant\nyes"
            );
        (await FailureAsync(() => Scorer(ScoringWay.Completions).ScoreAsync("some-model", Prompt, ["yes"], default))).ShouldContain(
            "model.chat-template"
        );
    }

    [Fact]
    public async Task Auto_takes_the_first_way_that_works_and_remembers_it()
    {
        Stub.Answers = (context, asked) =>
            asked.Path.EndsWith("/chat/completions", StringComparison.Ordinal)
                ? OpenAiStub.Well(context, asked)
                : WordScores.AnswerAsync(context, asked);
        var scorer = Scorer(ScoringWay.Auto);

        (await scorer.ScoreAsync("some-model", Prompt, ["yes no", "no"], default)).ShouldBe([new(-5, 2), new(-2, 1)]);

        Stub.Requests.Count(r => r.Path == "/v1/chat/completions").ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_scores_nothing_is_told_of_with_both_reasons()
    {
        // As llama.cpp's server has it.
        Stub.Answers = (context, asked) =>
            asked.Path switch
            {
                "/tokenize" => OpenAiStub.JsonAsync(context, """{"tokens":[1,2]}"""),
                "/v1/completions" => OpenAiStub.JsonAsync(
                    context,
                    """{"error":{"code":500,"message":"Only no echo is supported","type":"server_error"}}""",
                    400
                ),
                _ => OpenAiStub.Well(context, asked),
            };

        var failure = await FailureAsync(() => Scorer(ScoringWay.Auto).ScoreAsync("some-model", Prompt, ["yes"], default));

        failure.ShouldContain("prompt_logprobs");
        failure.ShouldContain("model.scoring: none");
    }

    [Theory]
    [InlineData("""{"prompt_logprobs":[]}""", "empty list")]
    [InlineData("""{"prompt_logprobs":7}""", "a number, expected a list")]
    [InlineData("""{"prompt_logprobs":[null,{"x":{"logprob":-1}}]}""", "expected the id of a token")]
    [InlineData("""{"prompt_logprobs":[null,{"5":{"logprob":1}}]}""", "expected a log-probability of 0 or less")]
    [InlineData("""{"prompt_logprobs":[null,{"5":{"rank":1}}]}""", "logprob is missing")]
    [InlineData("""{"prompt_logprobs":[null,null]}""", "expected an object")]
    [InlineData("""{"prompt_logprobs":[null,{}]}""", "has no token")]
    [InlineData("""{"choices":[]}""", "no prompt_logprobs")]
    [InlineData("<html>", "not JSON")]
    public async Task A_malformed_score_is_a_failure_that_says_where(string answer, string why)
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, answer);

        (
            await FailureAsync(() => Scorer(ScoringWay.PromptLogProbabilities).ScoreAsync("some-model", Prompt, ["yes"], default))
        ).ShouldContain(why);
    }

    [Fact]
    public async Task An_echo_without_the_prompt_is_never_taken_for_a_score()
    {
        Stub.Answers = (context, asked) =>
            asked.Path == "/v1/completions"
                ? OpenAiStub.JsonAsync(context, """{"choices":[{"text":"x","logprobs":{"token_logprobs":[-1],"text_offset":[0]}}]}""")
                : WordScores.AnswerAsync(context, asked);

        (await FailureAsync(() => Scorer(ScoringWay.Completions).ScoreAsync("some-model", Prompt, ["yes"], default))).ShouldContain(
            "echoed 1"
        );
    }

    [Fact]
    public async Task A_prompt_that_parts_from_itself_with_a_text_has_no_score()
    {
        Stub.Answers = (context, asked) =>
            OpenAiStub.JsonAsync(
                context,
                WordScores.Prompted(asked.Json.GetProperty("add_generation_prompt").GetBoolean() ? "a b c" : "a x yes")
            );
        OpenAiScorer named = new(Server(o => o with { Names = true }), new(ScoringWay.PromptLogProbabilities));

        (await FailureAsync(() => named.ScoreAsync("some-model", Prompt, ["yes"], default))).ShouldContain("part after 2");
    }

    private OpenAiScorer Scorer(ScoringWay way) => new(Server(), new(way));

    private static Task Missing(HttpContext context) => OpenAiStub.JsonAsync(context, """{"detail":"Not Found"}""", 404);
}
