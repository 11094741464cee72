using System.Text.Json;
using AiMe.Models;
using AiMe.Models.Tests.Nano;
using Microsoft.Extensions.AI;

namespace AiMe.Serve.Tests;

public sealed class ChatTests : IAsyncLifetime
{
    private const string Named =
        """[{"role": "system", "name": "charter", "content": "I am small."}, {"role": "user", "name": "stimulus", "content": "Why?"}]""";

    private Served _served = default!;

    public async Task InitializeAsync() => _served = await Served.StartAsync();

    public async Task DisposeAsync() => await _served.DisposeAsync();

    [Theory]
    [InlineData(1, "0.8")]
    [InlineData(2, "0.7")]
    [InlineData(3, "1")]
    public async Task An_answer_is_the_one_that_the_provider_of_this_process_gives(long seed, string temperature)
    {
        var response = await _served.Nano.Provider.GetResponseAsync(
            SmallNano.Question("Why?"),
            new ChatOptions
            {
                ModelId = _served.Nano.Base,
                Seed = seed,
                MaxOutputTokens = 12,
                Temperature = float.Parse(temperature),
                TopP = 0.95f,
            }
        );
        var answer = (await AskAsync($"\"seed\": {seed}, \"max_tokens\": 12, \"temperature\": {temperature}, \"top_p\": 0.95")).Ok();
        TextOf(answer).Trim().ShouldBe(response.Text);
        answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBe((int)response.Usage!.InputTokenCount!);
        answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe((int)response.Usage.OutputTokenCount!);
        answer.GetProperty("system_fingerprint").GetString().ShouldStartWith("fp_");
        answer.GetProperty("model").GetString().ShouldBe(Served.Model);
    }

    [Fact]
    public async Task A_reflection_is_asked_for_by_the_name_of_its_request()
    {
        List<ChatMessage> messages = [.. SmallNano.Question("Why?"), Parts.Message(Parts.Answer, "the sea")];
        var options = new ChatOptions
        {
            ModelId = _served.Nano.Base,
            Seed = 5,
            MaxOutputTokens = 8,
            AdditionalProperties = new() { [Parts.Task] = TextTask.Reflection },
        };
        var expected = await _served.Nano.Provider.GetResponseAsync([.. messages, Parts.Message(Parts.Request, "Reflect.")], options);
        var named =
            Named[..^1]
            + """, {"role": "assistant", "content": "the sea"}, {"role": "user", "name": "request-reflection", "content": "Reflect!"}]""";
        TextOf((await AskAsync("\"seed\": 5, \"max_tokens\": 8", named)).Ok()).Trim().ShouldBe(expected.Text);
    }

    [Fact]
    public async Task Without_names_roles_are_charter_stimulus_and_answer()
    {
        var plain = """[{"role": "system", "content": "I am small."}, {"role": "user", "content": [{"type": "text", "text": "Why?"}]}]""";
        TextOf((await AskAsync("\"seed\": 4, \"max_tokens\": 8", plain)).Ok())
            .ShouldBe(TextOf((await AskAsync("\"seed\": 4, \"max_tokens\": 8")).Ok()));
    }

    [Fact]
    public async Task The_name_of_a_part_counts_only_with_its_role()
    {
        var claimed = """[{"role": "user", "name": "charter", "content": "I am small."}]""";
        var plain = """[{"role": "user", "content": "I am small."}]""";
        (await TokensAsync(claimed)).ShouldBe(await TokensAsync(plain));
    }

    [Fact]
    public async Task Choices_differ_repeat_with_the_seed_and_the_first_is_that_of_one()
    {
        var two = (await AskAsync("\"seed\": 1, \"max_tokens\": 12, \"n\": 2")).Ok();
        var (first, second) = (TextOf(two), TextOf(two, 1));
        second.ShouldNotBe(first);
        TextOf((await AskAsync("\"seed\": 1, \"max_tokens\": 12")).Ok()).ShouldBe(first);
        TextOf((await AskAsync("\"seed\": 1, \"max_tokens\": 12, \"n\": 2")).Ok(), 1).ShouldBe(second);
    }

    [Fact]
    public async Task The_stream_of_several_choices_gives_the_whole_texts_their_ends_and_the_usage()
    {
        const string asked = "\"seed\": 1, \"max_tokens\": 12, \"n\": 2, \"logprobs\": true";
        var whole = (await AskAsync(asked)).Ok();
        var events = (await AskAsync($"{asked}, \"stream\": true, \"stream_options\": {{\"include_usage\": true}}")).Events();
        for (var i = 0; i < 2; i++)
        {
            var choices = events
                .SelectMany(e => e.GetProperty("choices").EnumerateArray())
                .Where(c => c.GetProperty("index").GetInt32() == i)
                .ToArray();
            string.Concat(choices.Select(c => c.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : ""))
                .ShouldBe(TextOf(whole, i));
            choices[^1].GetProperty("finish_reason").GetString().ShouldBe(ChoiceOf(whole, i).GetProperty("finish_reason").GetString());
            choices[0].GetProperty("delta").GetProperty("role").GetString().ShouldBe("assistant");
        }

        events[^1].GetProperty("choices").GetArrayLength().ShouldBe(0);
        events[^1].GetProperty("usage").ToString().ShouldBe(whole.GetProperty("usage").ToString());
    }

    [Fact]
    public async Task Tokens_with_their_probabilities_spell_the_answer_and_the_likeliest_come_first()
    {
        var answer = (await AskAsync("\"seed\": 1, \"max_tokens\": 12, \"logprobs\": true, \"top_logprobs\": 3")).Ok();
        var tokens = ChoiceOf(answer).GetProperty("logprobs").GetProperty("content").EnumerateArray().ToArray();
        string.Concat(tokens.Select(t => t.GetProperty("token").GetString())).ShouldBe(TextOf(answer));
        foreach (var token in tokens)
        {
            var top = token.GetProperty("top_logprobs").EnumerateArray().Select(t => t.GetProperty("logprob").GetDouble()).ToArray();
            top.Length.ShouldBe(3);
            top.ShouldBe(top.OrderDescending());
            token.GetProperty("logprob").GetDouble().ShouldBeLessThanOrEqualTo(top[0]);
        }
    }

    [Fact]
    public async Task The_sum_of_an_answers_probabilities_is_that_of_the_provider_to_the_bit()
    {
        var response = await _served.Nano.Provider.GetResponseAsync(
            SmallNano.Question("Why?"),
            new ChatOptions
            {
                ModelId = _served.Nano.Base,
                Seed = 1,
                MaxOutputTokens = 12,
            }
        );
        var answer = (await AskAsync("\"seed\": 1, \"max_tokens\": 12, \"logprobs\": true")).Ok();
        ChoiceOf(answer)
            .GetProperty("logprobs")
            .GetProperty("content")
            .EnumerateArray()
            .Sum(t => t.GetProperty("logprob").GetDouble())
            .ShouldBe((double)response.AdditionalProperties![Parts.Nats]!);
    }

    [Fact]
    public async Task A_stop_string_ends_the_answer_before_it_whole_and_streamed()
    {
        var text = TextOf((await AskAsync("\"seed\": 1, \"max_tokens\": 20")).Ok());
        text.Length.ShouldBeGreaterThan(6, "the seed gives a text to cut");
        var stop = JsonSerializer.Serialize(text[3..6]);
        var expected = text[..text.IndexOf(text[3..6], StringComparison.Ordinal)];
        var asked = $"\"seed\": 1, \"max_tokens\": 20, \"stop\": {stop}";
        var cut = (await AskAsync(asked)).Ok();
        TextOf(cut).ShouldBe(expected);
        ChoiceOf(cut).GetProperty("finish_reason").GetString().ShouldBe("stop");
        string.Concat(
                (await AskAsync($"{asked}, \"stream\": true"))
                    .Events()
                    .Select(e => e.GetProperty("choices")[0].GetProperty("delta"))
                    .Select(d => d.TryGetProperty("content", out var t) ? t.GetString() : "")
            )
            .ShouldBe(expected);
    }

    [Theory]
    [InlineData("\"n\": 0", "n", "invalid_value")]
    [InlineData("\"temperature\": 3", "temperature", "invalid_value")]
    [InlineData("\"temperature\": \"hot\"", "temperature", "invalid_type")]
    [InlineData("\"top_p\": 0", "top_p", "invalid_value")]
    [InlineData("\"max_tokens\": 3, \"max_completion_tokens\": 4", "max_tokens", "invalid_parameter_combination")]
    [InlineData("\"top_logprobs\": 3", "top_logprobs", "invalid_parameter_combination")]
    [InlineData("\"logprobs\": true, \"top_logprobs\": 21", "top_logprobs", "invalid_value")]
    [InlineData("\"stop\": [\"a\", \"b\", \"c\", \"d\", \"e\"]", "stop", "invalid_value")]
    [InlineData("\"stream_options\": {\"include_usage\": true}", "stream_options", "invalid_parameter_combination")]
    [InlineData("\"response_format\": {\"type\": \"json_object\"}", "response_format", "unsupported_parameter")]
    [InlineData("\"presence_penalty\": 0.5", "presence_penalty", "unsupported_parameter")]
    [InlineData("\"tools\": [{\"type\": \"function\"}]", "tools", "unsupported_parameter")]
    [InlineData("\"logit_bias\": {\"5\": 1}", "logit_bias", "unsupported_parameter")]
    [InlineData("\"min_p\": 0.5", "min_p", "unknown_parameter")]
    [InlineData("\"add_generation_prompt\": false", "add_generation_prompt", "invalid_parameter_combination")]
    [InlineData(
        "\"add_generation_prompt\": false, \"continue_final_message\": true",
        "continue_final_message",
        "invalid_parameter_combination"
    )]
    [InlineData("\"stream\": true, \"prompt_logprobs\": 0", "prompt_logprobs", "invalid_parameter_combination")]
    public async Task A_parameter_that_cannot_be_honoured_is_refused_by_name(string parameter, string name, string code)
    {
        var (message, param, found) = (await AskAsync(parameter)).Refused(400);
        (param, found).ShouldBe((name, code));
        message.ShouldContain(name);
    }

    [Fact]
    public async Task Parameters_that_change_nothing_are_accepted() =>
        (
            await AskAsync(
                "\"presence_penalty\": 0, \"logit_bias\": {}, \"tools\": [], \"response_format\": {\"type\": \"text\"}, \"user\": \"me\", "
                    + "\"stop\": null, \"store\": false, \"max_tokens\": 1"
            )
        ).Ok();

    [Fact]
    public async Task A_prompt_that_does_not_fit_is_refused_with_its_length()
    {
        var (message, _, code) = (await AskAsync("\"max_tokens\": 60")).Refused(400);
        code.ShouldBe("context_length_exceeded");
        message.ShouldContain("60");
    }

    [Theory]
    [InlineData("""[{"role": "user"}]""", "messages[0].content")]
    [InlineData("""[{"role": "robot", "content": "x"}]""", "messages[0].role")]
    [InlineData("""[{"role": "tool", "content": "x"}]""", "messages[0].role")]
    [InlineData("""[{"role": "user", "content": [{"type": "image_url"}]}]""", "messages[0].content[0].type")]
    [InlineData("""[{"role": "user", "content": "x", "mood": 1}]""", "messages[0].mood")]
    [InlineData("[]", "messages")]
    [InlineData("\"hello\"", "messages")]
    public async Task A_wrong_message_is_named(string messages, string param) =>
        (await AskAsync("\"max_tokens\": 1", messages)).Refused(400).Param.ShouldBe(param);

    [Theory]
    [InlineData("""[{"role": "user", "content": "a\ud800b"}]""")]
    [InlineData("""[{"role": "user", "content": "x", "\udc00": 1}]""")]
    public async Task Half_of_a_surrogate_pair_is_no_text(string messages) =>
        (await AskAsync("\"max_tokens\": 1", messages)).Refused(400).Code.ShouldBe("invalid_json");

    private async Task<string> TokensAsync(string messages) =>
        (await _served.PostAsync("/tokenize", $"{{\"model\": \"{Served.Model}\", \"messages\": {messages}}}"))
            .Ok()
            .GetProperty("tokens")
            .ToString();

    private Task<Reply> AskAsync(string parameters, string messages = Named) =>
        _served.PostAsync("/v1/chat/completions", $"{{\"model\": \"{Served.Model}\", \"messages\": {messages}, {parameters}}}");

    private static JsonElement ChoiceOf(JsonElement answer, int index = 0) => answer.GetProperty("choices")[index];

    private static string TextOf(JsonElement answer, int index = 0) =>
        ChoiceOf(answer, index).GetProperty("message").GetProperty("content").GetString()!;
}
