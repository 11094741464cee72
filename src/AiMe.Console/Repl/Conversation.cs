using System.Collections.Immutable;
using AiMe.Console.Output.Documents;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Forks;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Repl;

/// <summary>The store and the run of a conversation.</summary>
/// <param name="Store">The store.</param>
/// <param name="Visit">The connection to the run.</param>
internal sealed record TalkPlace(EventStore Store, RunConnection Visit, RunPlan Plan);

/// <summary>A conversation with an instance, and with its forks after <c>/rewind</c>.</summary>
/// <param name="stream">Shows answers while they are produced; null if output is not interactive.</param>
/// <param name="wrap">Output for answers.</param>
/// <param name="now">Cancelled to stop waiting.</param>
internal sealed class Conversation(TalkPlace place, string instance, AnswerStream? stream, WordWrap wrap, CancellationToken now)
{
    /// <summary>Topic of input typed by a person.</summary>
    private const string Topic = "talk";

    private const string ByPerson = "withdrawn during the answer";

    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(50);

    /// <summary>The store and the run.</summary>
    public TalkPlace Place => place;

    /// <summary>The instance that currently receives input.</summary>
    public string Instance { get; private set; } = instance;

    /// <summary>Whether this process hosts the run.</summary>
    public bool IsHosted => place.Visit.Session is not null;

    /// <summary>The exchanges since the conversation began, across forks.</summary>
    public Transcript Transcript { get; } = new();

    /// <summary>The progress of the instance.</summary>
    public InstanceProgress Progress => (place.Visit.Session?.State ?? place.Visit.State).Instances[Instance];

    /// <summary>Reads the instance's events from the journal.</summary>
    public async Task<ImmutableArray<InstanceEvent>> ReadAsync(CancellationToken cancellationToken)
    {
        await place.Visit.CatchUpAsync(cancellationToken);
        return await InstanceReader.ReadAsync(place.Store.Journal, place.Visit.State, Instance, cancellationToken);
    }

    /// <summary>Sends input and waits for the answer.</summary>
    /// <param name="takeBack">Cancelled to withdraw the input.</param>
    public async Task<TalkReply> SayAsync(string text, CancellationToken takeBack)
    {
        var (instance, streamed) = (Progress, false);
        if (instance.Status == InstanceState.Parked)
            return TalkReply.FailingTurn(Parked());
        // While the plan is running too, the next answer may be one to the plan.
        if (IsHosted && instance.IsAtRest)
            stream?.Open(instance.Cycle + 1, wrap);
        SubmittedInput gift;
        try
        {
            gift = (await place.Visit.PutAsync([(Instance, new Input.Said(text, Topic))], CancellationToken.None))[0];
            if (!await SeeThroughAsync(gift, takeBack))
                return TakenBack(text, null);
        }
        finally
        {
            streamed = stream?.Close() ?? false;
        }

        if (await place.Visit.ReadAsync(gift, CancellationToken.None) is { Stored: not null } exchange)
            return await AnsweredAsync(exchange, streamed, tooLate: takeBack.IsCancellationRequested);
        if (Progress.Status == InstanceState.Parked)
            return TalkReply.FailingTurn(Parked());
        var why = place.Visit.Settled.GetValueOrDefault(gift.Arrival)?.TakenBack ?? "no result";
        return why == ByPerson ? TakenBack(text, place.Visit.Settled[gift.Arrival].Cycle) : TalkReply.FailingTurn($"not answered: {why}");
    }

    /// <summary>Ends the round now.</summary>
    /// <param name="cancelled">Prints a message; it cannot stop a training.</param>
    /// <returns>The result, or null if there was no round to end.</returns>
    public async Task<RoundReport?> EndRoundAsync(CancellationToken cancelled)
    {
        var before = (await ReadAsync(CancellationToken.None)).Length;
        using var told = cancelled.Register(() =>
            System.Console.Error.WriteLine("A training cannot be stopped and continues. To undo it, use /rewind.")
        );
        var gift = (await place.Visit.PutAsync([(Instance, new Input.RoundEnd())], CancellationToken.None))[0];
        await place.Visit.SeeThroughAsync([gift], now);
        return RoundReport.Last((await ReadAsync(CancellationToken.None)).Skip(before));
    }

    /// <summary>Creates a fork of the instance and continues the conversation with it.</summary>
    public async Task<string> ForkAsync(InstanceEvent boundary, CancellationToken cancellationToken)
    {
        var session = place.Visit.Session!;
        var name = await Fork.FreeNameAsync(place.Store.Journal, session.State, Instance, isFree: null, cancellationToken);
        await session.AdmitAsync(name);
        await Fork.MakeAsync(
            session,
            place.Store,
            new ForkRequest(name, Instance, boundary.Index, Rests: true, Changed: null),
            cancellationToken
        );
        Instance = name;
        await place.Visit.CatchUpAsync(cancellationToken);
        return Instance;
    }

    /// <summary>Message for a parked instance.</summary>
    public string Parked() =>
        $"{Instance} is parked: {Progress.Reason}; to resume it, run the `aime run` or `aime console` command that started its run";

    // False if the input was withdrawn.
    private async Task<bool> SeeThroughAsync(SubmittedInput gift, CancellationToken takeBack)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(now);
        var seen = place.Visit.SeeThroughAsync([gift], given.Token);
        await Task.WhenAny(seen, Task.Delay(Timeout.Infinite, takeBack)); // the delay itself is not awaited: it ends by cancellation
        while (!seen.IsCompleted)
        {
            if (await place.Visit.TakeBackAsync(gift, ByPerson))
            {
                await given.CancelAsync();
                return false;
            }

            await Task.WhenAny(seen, Task.Delay(AgainAfter, CancellationToken.None));
        }

        await seen;
        return true;
    }

    private async Task<TalkReply> AnsweredAsync(Exchange exchange, bool streamed, bool tooLate)
    {
        var round = RoundReport.Last(
            (await ReadAsync(CancellationToken.None)).Where(e => e.Index >= exchange.First && e.Index <= exchange.Last)
        );
        Transcript.Add(exchange, round);
        return TurnView.Of(place.Plan.Run, exchange, round, streamed ? null : wrap, tooLate);
    }

    private static TalkReply TakenBack(string text, int? cycle) =>
        new(
            console => TalkText.Dim(console, "withdrawn"),
            (_, _) => new WithdrawnTurnOutput(text, TakenBack: true, cycle is > 0 ? cycle : null)
        );
}
