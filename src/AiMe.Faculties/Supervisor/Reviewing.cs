using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Supervisor;

/// <summary>
/// Decides on people's answers. They are collected here, and reach the instance at one point, the end of the round: so an instance
/// depends on what was answered, and not on when.
/// </summary>
internal static class Reviewing
{
    /// <summary>A person's answer arrived. If it is the last that the round waits for, the round goes on.</summary>
    public static Decision<SupervisorEvent> Receive(SupervisorState state, GiveReview give)
    {
        var board = state.Instances[give.Instance].ReviewsSoFar;
        var received = new ReviewReceived(give.Instance, give.Arrival, give.Answer, give.At, board.IsTooLate(give.Answer.Experience));
        var after = SupervisorDecider.Evolve(state, received);
        board = after.Instances[give.Instance].ReviewsSoFar;
        return board is { Awaited: { } round, Open.IsEmpty: true }
            ? Settle(
                after,
                [received],
                new ReviewsSettled(give.Instance, round.Round, round.Cycle, board.SettledBy(round.Held, round.Terms))
            )
            : [received];
    }

    /// <summary>A round is complete, and experiences of it are held for people.</summary>
    public static Decision<SupervisorEvent> Await(SupervisorState state, AwaitReviews ask)
    {
        var board = state.Instances[ask.Instance].ReviewsSoFar;
        if (board.Settled is { } last && last.Round >= ask.Round)
            return last.Round == ask.Round ? NoEvents.Then(Loop.SettleReviews(last)) : NoEvents.NoEffects;
        if (board.Awaited is not null)
            return NoEvents.NoEffects; // asked before
        var settled = new ReviewsSettled(ask.Instance, ask.Round, ask.Cycle, board.SettledBy(ask.Held, ask.Terms));
        return ask.Terms.OnOpen == OnOpen.LeaveOut || settled.Settled.All(r => r.Verdict != Verdict.Hold)
            ? Settle(state, [], settled)
            : [new ReviewsAwaited(ask.Instance, ask.Round, ask.Cycle, ask.Held, ask.Terms)];
    }

    private static Decision<SupervisorEvent> Settle(SupervisorState state, ImmutableArray<SupervisorEvent> events, ReviewsSettled settled)
    {
        var decision = Decision.Accept<SupervisorEvent>([.. events, settled]);
        return state.Instances[settled.Instance].Status == InstanceState.Parked ? decision : decision.Then(Loop.SettleReviews(settled));
    }
}
