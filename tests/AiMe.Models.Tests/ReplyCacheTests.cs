using System.Collections.Immutable;
using AiMe.Models.Tests.OpenAi;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests;

/// <summary>What was answered and not used is not paid for twice.</summary>
public sealed class ReplyCacheTests : Served, IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("aime-replies-").FullName, "replies");
    private ReplyCache? _kept;

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public async Task Work_that_is_cut_off_and_done_anew_asks_only_for_what_it_was_not_told()
    {
        await Should.ThrowAsync<InvalidOperationException>(() =>
            ReplyCache.UntilDoneAsync(
                async () =>
                {
                    await AskAsync(1);
                    await AskAsync(2);
                    return await Task.FromException<int>(new InvalidOperationException("cut off"));
                },
                _ => false
            )
        );
        Stub.Requests.Count.ShouldBe(2);

        var first = await ReplyCache.UntilDoneAsync(
            async () =>
            {
                var told = await AskAsync(1);
                await AskAsync(2);
                await AskAsync(3);
                return told;
            },
            _ => false
        );

        Stub.Requests.Count.ShouldBe(3);
        (first.Text, first.ModelId, first.FinishReason, first.Usage!.InputTokenCount, first.Usage.OutputTokenCount).ShouldBe(
            ("B", "some-model", ChatFinishReason.Stop, 5L, 3L)
        );
        first.AdditionalProperties![Parts.Nats].ShouldBe(-0.25);
        ((ImmutableArray<Alternative>)first.AdditionalProperties[Parts.Alternatives]!).ShouldBe([new("B", -0.25), new("A", -1.5)]);
        Directory.GetFiles(_folder).ShouldBeEmpty("it has ended");
    }

    [Fact]
    public async Task Work_that_has_ended_asks_anew_when_it_is_done_again()
    {
        await ReplyCache.UntilDoneAsync(() => AskAsync(1), _ => false);
        await ReplyCache.UntilDoneAsync(() => AskAsync(1), _ => false);
        Stub.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Work_that_ends_though_nothing_was_answered_leaves_nothing_behind()
    {
        var kept = Kept();
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, "{}", 500);
        (
            await ReplyCache.UntilDoneAsync(
                async () => await FailureAsync(() => kept.GetResponseAsync([new(ChatRole.User, "Who are you?")])),
                _ => false
            )
        ).ShouldContain("HTTP 500");
        Directory.Exists(_folder).ShouldBeFalse();
    }

    [Fact]
    public async Task Work_that_came_to_nothing_and_is_tried_again_does_not_ask_again_what_it_was_told()
    {
        await ReplyCache.UntilDoneAsync(() => AskAsync(1), cameToNothing: _ => true);
        await ReplyCache.UntilDoneAsync(() => AskAsync(1), cameToNothing: _ => false);
        Stub.Requests.Count.ShouldBe(1);
        Directory.GetFiles(_folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_nothing_can_be_kept_no_work_fails()
    {
        await File.WriteAllTextAsync(_folder, "a file where the folder belongs");
        (await ReplyCache.UntilDoneAsync(() => AskAsync(1), _ => false)).Text.ShouldBe("B");
    }

    [Fact]
    public async Task Who_asks_by_the_way_is_answered_and_nothing_is_kept()
    {
        await AskAsync(1);
        await AskAsync(1);
        Stub.Requests.Count.ShouldBe(2);
        Directory.Exists(_folder).ShouldBeFalse();
    }

    [Fact]
    public async Task A_request_that_differs_in_anything_is_another()
    {
        await Should.ThrowAsync<InvalidOperationException>(() =>
            ReplyCache.UntilDoneAsync(
                async () =>
                {
                    ChatOptions[] all =
                    [
                        new(),
                        new() { Seed = 1 },
                        new() { Seed = 2 },
                        new() { Temperature = 0.5f },
                        new() { TopP = 0.5f },
                        new() { MaxOutputTokens = 5 },
                        new() { ModelId = "other" },
                        new() { AdditionalProperties = new() { [Parts.AlternativesWanted] = 5 } },
                    ];
                    foreach (var options in all)
                        await Kept().GetResponseAsync([new(ChatRole.User, "Who are you?")], options);
                    await Kept().GetResponseAsync([new(ChatRole.User, "Who are you!")], new ChatOptions());
                    await Kept().GetResponseAsync([new(ChatRole.System, "Who are you?")], new ChatOptions());
                    return await Task.FromException<int>(new InvalidOperationException("cut off"));
                },
                _ => false
            )
        );
        Directory.GetFiles(_folder).Length.ShouldBe(10);
    }

    [Theory]
    [InlineData("{\"text\":")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task What_the_disk_has_spoilt_is_asked_for_again(string spoilt)
    {
        await Should.ThrowAsync<InvalidOperationException>(() =>
            ReplyCache.UntilDoneAsync(
                async () =>
                {
                    await AskAsync(1);
                    return await Task.FromException<int>(new InvalidOperationException("cut off"));
                },
                _ => false
            )
        );
        await File.WriteAllTextAsync(Directory.GetFiles(_folder).Single(), spoilt);
        (await ReplyCache.UntilDoneAsync(() => AskAsync(1), _ => false)).Text.ShouldBe("B");
        Stub.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Reasoning_is_kept_beside_its_answer()
    {
        Stub.Answers = (context, _) => OpenAiStub.JsonAsync(context, OpenAiStub.Chat("<think>Hm.</think>B"));
        ReplyCache kept = new(Chat(), _folder);
        for (var i = 0; i < 2; i++)
        {
            var response = await ReplyCache.UntilDoneAsync(() => kept.GetResponseAsync([new(ChatRole.User, "Who are you?")]), _ => true);
            response.Text.ShouldBe("B");
            response.Messages.Single().Contents.OfType<TextReasoningContent>().Single().Text.ShouldBe("Hm.");
        }

        Stub.Requests.Count.ShouldBe(1);
    }

    private Task<ChatResponse> AskAsync(long seed) =>
        Kept().GetResponseAsync([new(ChatRole.User, "Who are you?")], new ChatOptions { Seed = seed });

    private ReplyCache Kept()
    {
        Stub.Answers = (context, _) =>
            OpenAiStub.JsonAsync(
                context,
                OpenAiStub.Chat(
                    "B",
                    extra: ""","logprobs":{"content":[{"token":"B","logprob":-0.25,"top_logprobs":[{"token":"B","logprob":-0.25},{"token":"A","logprob":-1.5}]}]}"""
                )
            );
        return _kept ??= new ReplyCache(Chat(), _folder);
    }
}
