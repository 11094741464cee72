using AiMe.Kernel;

namespace AiMe.Runtime.Tests;

public sealed class MailboxTests
{
    [Fact] public async Task Commands_are_taken_in_the_order_in_which_they_came_also_past_its_capacity()
    {
        var mailbox = new Mailbox(2);
        var posts = Enumerable.Range(1, 5).Select(n => mailbox.PostAsync(Numbered(n), default).AsTask()).ToArray();
        posts.Count(p => p.IsCompleted).ShouldBe(2, "the others wait for room");
        Drained(mailbox).ShouldBe([1, 2, 3, 4, 5]);
        await Task.WhenAll(posts);
        mailbox.IsEmpty.ShouldBeTrue();
    }

    [Fact] public async Task Whoever_waits_for_room_comes_in_when_one_is_taken()
    {
        var mailbox = new Mailbox(1);
        await mailbox.PostAsync(Numbered(1), default);
        var waits = mailbox.PostAsync(Numbered(2), default).AsTask();
        waits.IsCompleted.ShouldBeFalse();
        mailbox.Take().ShouldNotBeNull();
        await waits;
    }

    [Fact] public async Task A_command_whose_wait_was_cancelled_is_never_taken()
    {
        var mailbox = new Mailbox(1);
        using var impatience = new CancellationTokenSource();
        await mailbox.PostAsync(Numbered(1), default);
        var (gaveUp, waits) = (mailbox.PostAsync(Numbered(2), impatience.Token).AsTask(), mailbox.PostAsync(Numbered(3), default).AsTask());
        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(gaveUp);
        Drained(mailbox).ShouldBe([1, 3]);
        await waits;
    }

    private static Delivery Numbered(int n) => new(new Numbering(n), null);

    private static IEnumerable<int> Drained(Mailbox mailbox)
    {
        while (mailbox.Take() is { } delivery)
            yield return ((Numbering)delivery.Command).Number;
    }

    private sealed record Numbering(int Number) : Command;
}
