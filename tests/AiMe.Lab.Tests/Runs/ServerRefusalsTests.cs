using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Spending;
using AiMe.Models;
using Microsoft.Extensions.Time.Testing;

namespace AiMe.Lab.Tests.Runs;

/// <summary>What a server refuses is durable before a request is repeated without it.</summary>
public sealed class ServerRefusalsTests
{
    private static readonly ParameterRefusal Seed = new("seed", "", "the server said: unknown parameter");

    private readonly FakeTimeProvider _time = new();
    private readonly List<SupervisorCommand> _told = [];
    private readonly SessionWatch _watch = new(
        SupervisorDecider.Evolve(SupervisorDecider.Initial, new RunPlanned(Faculties.Tests.Plans.TwoVariants())),
        new NullHost(),
        elsewhere: true
    );
    private readonly BudgetReservation _reservation;
    private bool _isDeaf;

    public ServerRefusalsTests() => _reservation = new("me", budget: null, TellAsync, _watch, _time);

    [Fact]
    public async Task A_refusal_is_told_to_the_supervisor_and_is_over_when_it_is_durable()
    {
        await Opened().RefusedAsync(Seed, CancellationToken.None);
        _told.ShouldBe([new LeaveOutParameter("seed", "", "the server said: unknown parameter")]);
        ServerRefusals.Of(_watch.State).ShouldBe([Seed]);
    }

    [Fact]
    public async Task What_the_run_knows_is_not_told_again()
    {
        var refusals = Opened();
        await refusals.RefusedAsync(Seed, CancellationToken.None);
        await refusals.RefusedAsync(Seed with { Words = "in other words" }, CancellationToken.None);
        _told.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_supervisor_that_does_not_hear_is_told_again_and_a_closed_session_lets_go()
    {
        _isDeaf = true;
        var recording = Opened().RefusedAsync(Seed, CancellationToken.None);
        while (_told.Count < 3)
        {
            _time.Advance(TimeSpan.FromSeconds(6));
            await Task.Yield();
        }

        recording.IsCompleted.ShouldBeFalse();
        _reservation.Shut();
        await Should.ThrowAsync<StaysOwedException>(recording);
    }

    [Fact]
    public async Task Without_a_session_nothing_is_recorded() => await new ServerRefusals().RefusedAsync(Seed, CancellationToken.None);

    private ServerRefusals Opened()
    {
        ServerRefusals refusals = new();
        refusals.Open(_reservation, TellAsync, _watch, _time);
        return refusals;
    }

    private ValueTask TellAsync(SupervisorCommand command)
    {
        _told.Add(command);
        if (!_isDeaf)
            _watch.Moved(SupervisorDecider.Decide(_watch.State, command).Events.Aggregate(_watch.State, SupervisorDecider.Evolve));
        return default;
    }
}
