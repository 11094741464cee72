using System.Collections.Immutable;
using System.Text.Json;
using AiMe.Models.OpenAi;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.OpenAi;

/// <summary>Models that think aloud: what they think is never part of the answer, whole or streamed.</summary>
public sealed class ReasoningTests : Served
{
    private static readonly ChatMessage[] Hello = [new(ChatRole.User, "Hello.")];

    /// <summary>A text as a server sends it, the reasoning in it, and the answer.</summary>
    public static TheoryData<string, string, string> Marked =>
        new()
        {
            { "<think>Hm. Who?</think>I am AiMe.", "Hm. Who?", "I am AiMe." },
            { "\n<think>\nHm.\n\nWho?\n</think>\n\nI am AiMe.", "Hm.\n\nWho?", "I am AiMe." },
            { "<THINK>Hm.</THINK> I am AiMe.", "Hm.", "I am AiMe." },
            { "<think></think>\n\nI am AiMe.", "", "I am AiMe." },
            { "<thinking>Hm.</thinking>I am AiMe.", "Hm.", "I am AiMe." },
            { "<reasoning>Hm.</reasoning>I am AiMe.", "Hm.", "I am AiMe." },
            { "<thought>Hm.</thought>I am AiMe.", "Hm.", "I am AiMe." },
            { "[THINK]Hm.[/THINK]I am AiMe.", "Hm.", "I am AiMe." },
            { "<|START_THINKING|>Hm.<|END_THINKING|>I am AiMe.", "Hm.", "I am AiMe." },
            { "◁think▷Hm.◁/think▷I am AiMe.", "Hm.", "I am AiMe." },
            { "<think>One.</think>\n<think>Two.</think>I am AiMe.", "One.\nTwo.", "I am AiMe." },
            { "Hm. The user asks.\n</think>\n\nI am AiMe.", "Hm. The user asks.", "I am AiMe." },
            { "Hm.</think>I am AiMe.", "Hm.", "I am AiMe." },
            { "</think>\n\nI am AiMe.", "", "I am AiMe." },
            { "Hm.[/THINK]I am AiMe.", "Hm.", "I am AiMe." },
            {
                "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>I am AiMe.<|return|>",
                "Hm.",
                "I am AiMe."
            },
            {
                "<|start|>assistant<|channel|>analysis<|message|>Hm.<|end|>\n<|start|>assistant<|channel|>commentary<|message|>So.<|end|><|start|>assistant<|channel|>final<|message|>I am AiMe.",
                "Hm.\nSo.",
                "I am AiMe."
            },
            { "<|channel|>final<|message|>I am AiMe.", "", "I am AiMe." },
            { "analysisWe need to say who.assistantfinalI am AiMe.", "We need to say who.", "I am AiMe." },
        };

    /// <summary>Answers that contain no reasoning, whatever they speak of.</summary>
    public static TheoryData<string> Plain =>
        [
            "I am AiMe.",
            " I am AiMe. ",
            "I write <think> before I think, and </think> after it.",
            "The mark is `</think>`.",
            "I say \"</think>\" when I have done.",
            "a < b, and [THINK is no mark.",
            "<thin>ice</thin>",
            "analysis of what I am: AiMe.",
            "analysis",
            "<",
            "I am <think>AiMe</think>.",
        ];

    [Theory, MemberData(nameof(Marked))]
    public async Task Reasoning_in_the_text_is_taken_apart(string content, string reasoning, string answer)
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, OpenAiStub.Chat(content));
        var response = await Chat().GetResponseAsync(Hello);
        (response.Text, ReasoningOf(response)).ShouldBe((answer, reasoning));
    }

    [Theory, MemberData(nameof(Plain))]
    public async Task An_answer_that_speaks_of_marks_stays_whole(string content)
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, OpenAiStub.Chat(content));
        var response = await Chat().GetResponseAsync(Hello);
        (response.Text, ReasoningOf(response)).ShouldBe((content, ""));
    }

    [Fact]
    public void However_a_stream_is_cut_into_pieces_nobody_hears_the_reasoning()
    {
        const int Seed = 7;
        Random random = new(Seed);
        foreach (var (content, reasoning, answer) in Marked.Select((object[] row) => ((string)row[0], (string)row[1], (string)row[2])))
        {
            foreach (var habit in Enum.GetValues<ReasoningHabit>())
            {
                for (var i = 0; i < 30; i++)
                {
                    var (heard, finished) = Streamed(content, habit, random);
                    finished.Text.ShouldBe(answer, $"{content}, seed {Seed}");
                    finished.Reasoning.ShouldBe(reasoning);
                    if (habit != ReasoningHabit.Plain)
                        answer.StartsWith(heard, StringComparison.Ordinal).ShouldBeTrue($"{content}, {habit}: {heard}");
                }
            }
        }

        foreach (var content in Plain.Select((object[] row) => (string)row[0]))
        {
            for (var i = 0; i < 30; i++)
            {
                var (heard, finished) = Streamed(content, ReasoningHabit.Plain, random);
                finished.Text.ShouldBe(content);
                content.ShouldStartWith(heard);
            }
        }
    }

    [Theory]
    [InlineData("reasoning_content")]
    [InlineData("reasoning")]
    [InlineData("thinking")]
    public async Task Reasoning_in_a_member_of_its_own_is_kept_apart(string member)
    {
        Stub.Answers = (context, _) =>
            OpenAiStub.JsonAsync(
                context,
                $$"""{"choices":[{"message":{"role":"assistant","content":"I am AiMe.","{{member}}":"Hm."},"finish_reason":"stop"}]}"""
            );
        var response = await Chat().GetResponseAsync(Hello);
        (response.Text, ReasoningOf(response)).ShouldBe(("I am AiMe.", "Hm."));

        Send(
            $$$"""{"choices":[{"delta":{"role":"assistant","content":null,"{{{member}}}":"H"}}]}""",
            $$$"""{"choices":[{"delta":{"{{{member}}}":"m."}}]}""",
            """{"choices":[{"delta":{"content":"I am "}}]}""",
            """{"choices":[{"delta":{"content":"AiMe."},"finish_reason":"stop"}]}""",
            "[DONE]"
        );
        var (heard, streamed) = await ListenAsync(Chat());
        (heard, streamed.Text, ReasoningOf(streamed)).ShouldBe(("I am |AiMe.|", "I am AiMe.", "Hm."), "it streams at once");
    }

    [Fact]
    public async Task Reasoning_among_the_parts_of_the_content_is_kept_apart()
    {
        Stub.Answers = (context, _) =>
            OpenAiStub.JsonAsync(
                context,
                """{"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm."}]},{"type":"text","text":"I am AiMe."}]},"finish_reason":"stop"}]}"""
            );
        var response = await Chat().GetResponseAsync(Hello);
        (response.Text, ReasoningOf(response)).ShouldBe(("I am AiMe.", "Hm."));
    }

    [Fact]
    public async Task A_stream_whose_template_opens_the_reasoning_is_never_heard()
    {
        Send(Delta("Hm. "), Delta("Who?\n</th"), Delta("ink>\n\nI "), Delta("am AiMe."), End(), "[DONE]");
        var chat = Chat();
        for (var i = 0; i < 2; i++)
        {
            var (heard, response) = await ListenAsync(chat);
            (heard.Replace("|", "", StringComparison.Ordinal), response.Text, ReasoningOf(response)).ShouldBe(
                ("I am AiMe.", "I am AiMe.", "Hm. Who?")
            );
        }
    }

    [Fact]
    public async Task A_model_that_begins_to_reason_without_a_mark_when_it_never_did_fails_the_stream_and_is_known_from_then_on()
    {
        var chat = Chat();
        await chat.GetResponseAsync(Hello);
        Send(Delta("Hm."), Delta("\n</think>\nI am AiMe."), End(), "[DONE]");
        (await FailureAsync(() => ListenAsync(chat))).ShouldContain("its answer began with reasoning, of which only the end is marked");
        (await ListenAsync(chat)).Heard.ShouldBe("I am AiMe.|");
    }

    [Theory]
    [InlineData("<think>Hm. Who am", null)]
    [InlineData("<|channel|>analysis<|message|>Hm. Who", null)]
    [InlineData("analysisWe need", null)]
    [InlineData("<think>Hm.</think>\n", null)]
    [InlineData("", "Hm. Who am")]
    public async Task Reasoning_that_used_up_the_limit_is_a_failed_call_and_no_empty_answer(string content, string? member)
    {
        var extra = member is null ? "" : $",\"reasoning_content\":\"{member}\"";
        var body =
            $$"""{"choices":[{"index":0,"message":{"content":{{JsonSerializer.Serialize(content)}}{{extra}}},"finish_reason":"length"}]}""";
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, body);
        ChatOptions options = new()
        {
            MaxOutputTokens = 9,
            AdditionalProperties = new() { [Parts.Task] = TextTask.Answer },
        };
        var failure = await Should.ThrowAsync<ProviderException>(Chat().GetResponseAsync(Hello, options));
        failure.Message.ShouldContain("its 9 tokens were used up by its reasoning, before any text. Raise generate.max-tokens.");
        (failure.NothingSaid, failure.CutOff).ShouldBe((false, true));
    }

    [Theory]
    [InlineData("<think>Hm.</think>")]
    [InlineData("<think>Hm.")]
    public async Task Reasoning_that_ends_without_an_answer_is_an_empty_answer(string content)
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, OpenAiStub.Chat(content));
        var response = await Chat().GetResponseAsync(Hello);
        (response.Text, response.FinishReason).ShouldBe(("", ChatFinishReason.Stop));
        response.Messages[0].Contents.OfType<TextReasoningContent>().Single().Text.ShouldBe("Hm.");
    }

    [Fact]
    public async Task A_template_that_opens_the_reasoning_leaves_no_half_of_it_as_an_answer()
    {
        var chat = Chat();
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, OpenAiStub.Chat("Hm.\n</think>\n\nI am AiMe."));
        await chat.GetResponseAsync(Hello);
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, OpenAiStub.Chat("Hm. Who am", "length"));
        (await FailureAsync(() => chat.GetResponseAsync(Hello))).ShouldContain("used up by its reasoning");
    }

    [Fact]
    public async Task Marks_of_the_users_own_and_none_are_obeyed()
    {
        const string Content = "<think>Hm.</think>{{I}}am<<AiMe";
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, OpenAiStub.Chat(Content));
        (await Chat(o => o with { Reasoning = ReasoningMarks.None }).GetResponseAsync(Hello)).Text.ShouldBe(Content);
        (await Chat(o => o with { Reasoning = ReasoningMarks.Between("", "<<") }).GetResponseAsync(Hello)).Text.ShouldBe("AiMe");
        (
            await Chat(o => o with { Reasoning = ReasoningMarks.Between("<think>Hm.</think>{{", "}}") }).GetResponseAsync(Hello)
        ).Text.ShouldBe("am<<AiMe");
    }

    /// <summary>Tokens of a text with their ln p, its reasoning in a member if there is any, the sum, and the first alternative.</summary>
    public static TheoryData<string, string, double, string?> Likelihoods =>
        new()
        {
            { "<think>|Hm.|</think>|\n\n|I| am.", "", -3, "I" },
            { "<think>|Hm.|</think>\n\n|I| am.", "", -3, "I" },
            { "Hm.|</think>|I| am.|<|im_end|>", "", -4.5, "I" },
            { "I| am.", "Hm.", -3, "I" },
            { "Hm|.|</think>|I| am.", "Hm.", -3, "I" },
            { "<think>|Hm.</think>I| am.", "", double.NaN, null },
            { "somewhat|else", "Hm.", double.NaN, null },
            { "I| am.", "", -3, "I" },
        };

    [Theory, MemberData(nameof(Likelihoods))]
    public async Task Likelihoods_are_those_of_the_answer_or_there_are_none(string tokens, string reasoning, double nats, string? first)
    {
        var all = tokens.Replace("<|im_end|>", "<\u0001im_end\u0001>", StringComparison.Ordinal).Split('|');
        all = [.. all.Select(t => t.Replace('\u0001', '|'))];
        var content = reasoning.Length > 0 ? "I am." : string.Concat(all).Replace("<|im_end|>", "", StringComparison.Ordinal);
        var told = string.Join(
            ',',
            all.Select(t =>
                $$"""{"token":{{JsonSerializer.Serialize(t)}},"logprob":-1.5,"top_logprobs":[{"token":{{JsonSerializer.Serialize(t)}},"logprob":-1.5}]}"""
            )
        );
        Stub.Answers = (context, _) =>
            OpenAiStub.JsonAsync(
                context,
                $$$"""{"choices":[{"message":{"content":{{{JsonSerializer.Serialize(content)}}},"reasoning_content":"{{{reasoning}}}"},"finish_reason":"stop","logprobs":{"content":[{{{told}}}]}}]}"""
            );
        var response = await Chat().GetResponseAsync(Hello);
        response.Text.ShouldBe("I am.");
        var more = response.AdditionalProperties;
        if (double.IsNaN(nats))
        {
            more.ShouldBeNull();
            return;
        }

        more![Parts.Nats].ShouldBe(nats);
        ((ImmutableArray<Alternative>)more[Parts.Alternatives]!)[0].Text.ShouldBe(first);
    }

    private static string Delta(string text) => $$$"""{"choices":[{"index":0,"delta":{"content":{{{JsonSerializer.Serialize(text)}}}}}]}""";

    private static string End() => """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    private void Send(params string[] pieces) => Stub.Answers = (context, _) => OpenAiStub.StreamAsync(context, pieces);

    private static string ReasoningOf(ChatResponse response) =>
        string.Concat(response.Messages.SelectMany(m => m.Contents).OfType<TextReasoningContent>().Select(r => r.Text));

    private static async Task<(string Heard, ChatResponse Response)> ListenAsync(IChatClient chat)
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in chat.GetStreamingResponseAsync(Hello))
            updates.Add(update);
        return (string.Concat(updates.Where(u => u.Text.Length > 0).Select(u => $"{u.Text}|")), updates.ToChatResponse());
    }

    private static (string Heard, FinishedAnswer Finished) Streamed(string content, ReasoningHabit habit, Random random)
    {
        OpenAiAnswer answer = new(ReasoningMarks.Auto, habit);
        var heard = "";
        for (var at = 0; at < content.Length; )
        {
            var next = Math.Min(content.Length, at + random.Next(1, 6));
            answer.Add(new OpenAiReply(1, content[at..next], null, null, [], null));
            heard += answer.Next();
            at = next;
        }

        return (heard, answer.Ended());
    }
}
