using AiMe.EventSourcing;

namespace AiMe.Faculties.Tests;

/// <summary>A decision sends what became pending by its events: <c>Then</c> and <c>Pending</c> agree, over whole runs.</summary>
public sealed class NextEffectsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_decision_sends_what_became_pending_and_the_Self_sends_nothing_else(ulong seed)
    {
        var (decisions, withEffects) = (0, 0);
        List<string> wrong = [];
        UnplannedInputTests.Visited(seed, SimulatedRun.Disorder, Check).RunToEnd();
        new SimulatedRun(Plans.TrainedByJobs(), seed, SimulatedRun.Disorder) { Taken = Check }.RunToEnd();
        ReviewTests.Reviewed(seed, SimulatedRun.Disorder, Check).RunToEnd();
        new SimulatedRun(Plans.Judged(), seed, SimulatedRun.Disorder) { Taken = Check }.RunToEnd();

        wrong.ShouldBeEmpty();
        decisions.ShouldBeGreaterThan(500);
        withEffects.ShouldBeGreaterThan(300);

        void Check(FacultyDefinition faculty, object before, Command command)
        {
            var decision = faculty.Decide(before, command);
            if (decision.Refusal is not null || decision.Events.IsEmpty)
                return;
            var after = decision.Events.Aggregate(before, faculty.Evolve);
            var pending = faculty.Pending(after).Select(e => e.Key).ToHashSet(StringComparer.Ordinal);
            var sent = decision.Effects.Select(e => e.Key).ToHashSet(StringComparer.Ordinal);
            decisions++;
            withEffects += sent.Count > 0 ? 1 : 0;
            var missing = pending.Except(faculty.Pending(before).Select(e => e.Key)).Except(sent).ToArray();
            if (missing.Length > 0)
                wrong.Add($"{faculty.Name}, {command.GetType().Name}: became pending and is not sent: {string.Join(", ", missing)}");
            if (faculty.Name == Loop.Self && sent.Except(pending).ToArray() is { Length: > 0 } surplus)
                wrong.Add($"{faculty.Name}, {command.GetType().Name}: sent and not pending: {string.Join(", ", surplus)}");
        }
    }
}
