using System.Text.Json;
using AiMe.Models;
using AiMe.Models.Tests.Nano;
using Microsoft.Extensions.AI;

namespace AiMe.Serve.Tests;

/// <summary>Log-probabilities of given texts: equal to the bit with those of the scorer in the same process.</summary>
public sealed class ScoringTests : IAsyncLifetime
{
    private Served _served = default!;

    public async Task InitializeAsync() => _served = await Served.StartAsync();

    public async Task DisposeAsync() => await _served.DisposeAsync();

    [Theory]
    [InlineData("the sea is deep")]
    [InlineData(" I am small.")]
    [InlineData("é – 深い")]
    [InlineData("x")]
    public async Task A_continued_chat_scores_its_last_message_as_the_scorer_does(string continuation)
    {
        var score = (await _served.Nano.Provider.ScoreAsync(_served.Nano.Base, SmallNano.Question("Why?"), [continuation], default))[0];
        var scored = await ScoredAsync(SmallNano.Question("Why?"), continuation, k: 0);
        var before = await PromptIdsAsync(SmallNano.Question("Why?"));
        scored.Length.ShouldBe(before + score.Tokens);
        scored[0].ValueKind.ShouldBe(JsonValueKind.Null);
        scored[before..].Sum(e => e.EnumerateObject().First().Value.GetProperty("logprob").GetDouble()).ShouldBe(score.Nats);
    }

    [Fact]
    public async Task Every_part_of_a_prompt_counts_as_in_the_same_process()
    {
        List<ChatMessage> messages =
        [
            Parts.Message(Parts.Charter, "I am."),
            Parts.Message(Parts.SelfModel, "calm"),
            Parts.Message(Parts.Recalled, "the sea"),
            Parts.Message(Parts.Drive, "What?"),
        ];
        var score = (await _served.Nano.Provider.ScoreAsync(_served.Nano.Base, messages, ["I notice."], default))[0];
        var scored = await ScoredAsync(messages, "I notice.", k: 0);
        scored[^score.Tokens..].Sum(e => e.EnumerateObject().First().Value.GetProperty("logprob").GetDouble()).ShouldBe(score.Nats);
    }

    [Fact]
    public async Task Alternatives_have_ranks_and_the_token_itself_comes_first()
    {
        var scored = await ScoredAsync(SmallNano.Question("Why?"), "the sea", k: 3);
        foreach (var entry in scored[1..])
        {
            var tokens = entry.EnumerateObject().Select(e => e.Value).ToArray();
            tokens.Length.ShouldBeInRange(3, 4);
            tokens[1..].Select(t => t.GetProperty("logprob").GetDouble()).ShouldBeInOrder(SortDirection.Descending);
            var rank = tokens[0].GetProperty("rank").GetInt32();
            (rank <= 3).ShouldBe(tokens.Length == 3);
        }
    }

    [Fact]
    public async Task Messages_that_have_no_room_are_left_out_and_said()
    {
        List<ChatMessage> messages =
        [
            Parts.Message(Parts.Charter, "I am small."),
            Parts.Message(Parts.Recalled, string.Concat(Enumerable.Repeat("the sea ", 30))),
            Parts.Message(Parts.Stimulus, "Why?"),
        ];
        var score = (await _served.Nano.Provider.ScoreAsync(_served.Nano.Base, messages, ["the sea"], default))[0];
        var reply = (await _served.PostAsync("/v1/chat/completions", Body(messages, "the sea", "\"prompt_logprobs\": 0"))).Ok();
        reply.GetProperty("left_out").ToString().ShouldBe("[1]");
        reply
            .GetProperty("prompt_logprobs")
            .EnumerateArray()
            .TakeLast(score.Tokens)
            .Sum(e => e.EnumerateObject().First().Value.GetProperty("logprob").GetDouble())
            .ShouldBe(score.Nats);
    }

    [Fact]
    public async Task Echoed_token_ids_score_the_same_text_the_same()
    {
        var score = (await _served.Nano.Provider.ScoreAsync(_served.Nano.Base, SmallNano.Question("Why?"), ["the sea"], default))[0];
        var ids = (await _served.PostAsync("/tokenize", Body(SmallNano.Question("Why?"), "the sea"))).Ok().GetProperty("tokens");
        var reply = (
            await _served.PostAsync(
                "/v1/completions",
                $"{{\"model\": \"{Served.Model}\", \"prompt\": {ids}, \"echo\": true, \"logprobs\": 1, \"max_tokens\": 0}}"
            )
        ).Ok();
        var logprobs = reply.GetProperty("choices")[0].GetProperty("logprobs").GetProperty("token_logprobs");
        logprobs[0].ValueKind.ShouldBe(JsonValueKind.Null);
        logprobs.EnumerateArray().TakeLast(score.Tokens).Sum(e => e.GetDouble()).ShouldBe(score.Nats);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_text_that_fills_the_context_is_scored_and_one_token_more_is_refused(int more)
    {
        var ids = Enumerable.Range(0, _served.Nano.Config.Context).Select(i => 9 + i % 200).ToArray();
        var expected = (await _served.Nano.Models().GetAsync(_served.Nano.Base, default)).LogProbabilities(ids);
        var reply = await EchoAsync([.. ids], more);
        var logprobs = reply.Ok().GetProperty("choices")[0].GetProperty("logprobs").GetProperty("token_logprobs");
        logprobs.EnumerateArray().Skip(1).Take(ids.Length - 1).Select(e => e.GetDouble()).ShouldBe(expected);
        (await EchoAsync([.. ids, 9], more)).Refused(400).Code.ShouldBe("context_length_exceeded");
    }

    private Task<Reply> EchoAsync(int[] ids, int most) =>
        _served.PostAsync(
            "/v1/completions",
            $"{{\"model\": \"{Served.Model}\", \"prompt\": {JsonSerializer.Serialize(ids)}, \"echo\": true, \"logprobs\": 0, \"max_tokens\": {most}}}"
        );

    [Fact]
    public async Task Tokenize_tells_where_a_continuation_begins()
    {
        var whole = (await _served.PostAsync("/tokenize", Body(SmallNano.Question("Why?"), "the sea"))).Ok().GetProperty("tokens");
        whole.GetArrayLength().ShouldBe(await PromptIdsAsync(SmallNano.Question("Why?")) + _served.Nano.Tokenizer.Encode("the sea").Length);
        var text = (await _served.PostAsync("/detokenize", $"{{\"model\": \"{Served.Model}\", \"tokens\": {whole}}}")).Ok();
        text.GetProperty("prompt").GetString().ShouldBe("I am small.Why?the sea");
    }

    private async Task<int> PromptIdsAsync(List<ChatMessage> messages) =>
        (await _served.PostAsync("/tokenize", Body(messages, null))).Ok().GetProperty("count").GetInt32();

    private async Task<JsonElement[]> ScoredAsync(List<ChatMessage> messages, string continuation, int k) =>
        [
            .. (
                await _served.PostAsync(
                    "/v1/chat/completions",
                    Body(messages, continuation, $"\"max_tokens\": 1, \"prompt_logprobs\": {k}")
                )
            )
                .Ok()
                .GetProperty("prompt_logprobs")
                .EnumerateArray(),
        ];

    private static string Body(List<ChatMessage> messages, string? continuation, string more = "")
    {
        var all = messages.Select(m => new
        {
            role = m.Role.Value,
            name = m.AuthorName,
            content = m.Text,
        });
        if (continuation is not null)
            all = all.Append(
                new
                {
                    role = "assistant",
                    name = (string?)Parts.Answer,
                    content = continuation,
                }
            );
        var body = $"\"model\": \"{Served.Model}\", \"messages\": {JsonSerializer.Serialize(all)}";
        if (continuation is not null)
            body += ", \"continue_final_message\": true, \"add_generation_prompt\": false";
        return more.Length > 0 ? $"{{{body}, {more}}}" : $"{{{body}}}";
    }
}
