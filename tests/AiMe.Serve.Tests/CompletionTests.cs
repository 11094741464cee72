using System.Text.Json;

namespace AiMe.Serve.Tests;

public sealed class CompletionTests : IAsyncLifetime
{
    private Served _served = default!;

    public async Task InitializeAsync() => _served = await Served.StartAsync();

    public async Task DisposeAsync() => await _served.DisposeAsync();

    [Fact]
    public async Task A_text_is_continued_and_echoed_with_offsets_that_stand_in_it()
    {
        var choice = (await AskAsync("\"prompt\": \"the sea\", \"max_tokens\": 8, \"seed\": 1, \"echo\": true, \"logprobs\": 2"))
            .Ok()
            .GetProperty("choices")[0];
        var text = choice.GetProperty("text").GetString()!;
        text.ShouldStartWith("the sea");
        var logprobs = choice.GetProperty("logprobs");
        var tokens = logprobs.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()!).ToArray();
        string.Concat(tokens).ShouldBe(text);
        var offsets = logprobs.GetProperty("text_offset").EnumerateArray().Select(o => o.GetInt32()).ToArray();
        for (var i = 0; i < tokens.Length; i++)
            text.AsSpan(offsets[i]).StartsWith(tokens[i], StringComparison.Ordinal).ShouldBeTrue();
        logprobs.GetProperty("top_logprobs")[0].ValueKind.ShouldBe(JsonValueKind.Null);
        logprobs.GetProperty("top_logprobs")[1].EnumerateObject().Count().ShouldBeInRange(1, 2);
        logprobs.GetProperty("token_logprobs").GetArrayLength().ShouldBe(tokens.Length);
    }

    [Fact]
    public async Task Token_ids_are_the_same_prompt_as_their_text_and_several_prompts_have_choices_in_order()
    {
        var ids = JsonSerializer.Serialize(_served.Nano.Tokenizer.Encode("the sea"));
        const string more = "\"max_tokens\": 8, \"seed\": 1";
        var one = Texts((await AskAsync($"\"prompt\": {ids}, {more}")).Ok());
        Texts((await AskAsync($"\"prompt\": \"the sea\", {more}")).Ok()).ShouldBe(one);
        var many = Texts((await AskAsync($"\"prompt\": [\"the sea\", \"I\"], \"n\": 2, {more}")).Ok());
        many.Length.ShouldBe(4);
        many[0].ShouldBe(one[0]);
        Texts((await AskAsync($"\"prompt\": [{ids}, {ids}], {more}")).Ok()).ShouldBe([one[0], one[0]]);
    }

    [Fact]
    public async Task The_stream_gives_the_whole_text()
    {
        const string asked = "\"prompt\": \"the sea\", \"max_tokens\": 8, \"seed\": 1";
        var events = (await AskAsync($"{asked}, \"stream\": true, \"stream_options\": {{\"include_usage\": true}}")).Events();
        string.Concat(events.SelectMany(Texts)).ShouldBe(Texts((await AskAsync(asked)).Ok())[0]);
        events[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("\"prompt\": \"\"", "prompt")]
    [InlineData("\"prompt\": [99999]", "prompt")]
    [InlineData("\"prompt\": [-1]", "prompt")]
    [InlineData("\"prompt\": [1.5]", "prompt")]
    [InlineData("\"prompt\": {}", "prompt")]
    [InlineData("\"prompt\": []", "prompt")]
    [InlineData("\"prompt\": \"a\", \"max_tokens\": 64", "prompt")]
    [InlineData("\"prompt\": \"a\", \"suffix\": \"b\"", "suffix")]
    [InlineData("\"prompt\": \"a\", \"best_of\": 2", "best_of")]
    [InlineData("\"prompt\": \"a\", \"logprobs\": true", "logprobs")]
    [InlineData("\"max_tokens\": 1", "prompt")]
    public async Task A_wrong_request_is_refused_by_name(string body, string param) =>
        (await AskAsync(body)).Refused(400).Param.ShouldBe(param);

    private static string[] Texts(JsonElement answer) =>
        [.. answer.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("text").GetString()!)];

    private Task<Reply> AskAsync(string body) => _served.PostAsync("/v1/completions", $"{{\"model\": \"{Served.Model}\", {body}}}");
}
