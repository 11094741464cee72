using System.Collections.Immutable;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Forks;
using AiMe.Lab.Runs.Talk;

namespace AiMe.Console.Repl;

/// <summary>What is said to one life, and what comes of it.</summary>
/// <param name="Store">Where it is kept.</param>
/// <param name="Visit">The way to its run.</param>
internal sealed record TalkPlace(EventStore Store, RunConnection Visit, RunPlan Plan);

/// <summary>One conversation: with a life, and with its forks as one goes back.</summary>
/// <param name="stream">Told of answers on their way; null where nobody looks.</param>
/// <param name="wrap">Where they are shown.</param>
/// <param name="now">Cancelled when nothing is to be waited for any longer.</param>
internal sealed class Conversation(TalkPlace place, string instance, AnswerStream? stream, WordWrap wrap, CancellationToken now)
{
    /// <summary>What a stimulus is about that a person types.</summary>
    private const string Topic = "talk";

    private const string ByPerson = "taken back while it was being answered";

    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(50);

    /// <summary>Where it takes place.</summary>
    public TalkPlace Place => place;

    /// <summary>The life that is spoken to now.</summary>
    public string Instance { get; private set; } = instance;

    /// <summary>Whether this process hosts the run.</summary>
    public bool IsHosted => place.Visit.Session is not null;

    /// <summary>What was said since the conversation began, over forks.</summary>
    public Transcript Transcript { get; } = new();

    /// <summary>How far the life is known to be.</summary>
    public InstanceProgress Life => (place.Visit.Session?.State ?? place.Visit.State).Instances[Instance];

    /// <summary>The life as its journal tells it.</summary>
    public async Task<ImmutableArray<InstanceEvent>> ReadAsync(CancellationToken cancellationToken)
    {
        await place.Visit.CatchUpAsync(cancellationToken);
        return await InstanceReader.ReadAsync(place.Store.Journal, place.Visit.State, Instance, cancellationToken);
    }

    /// <summary>Says something and waits for the answer.</summary>
    /// <param name="takeBack">Cancelled when it is to be taken back.</param>
    public async Task<TalkReply> SayAsync(string text, CancellationToken takeBack)
    {
        var (instance, streamed) = (Life, false);
        if (instance.Status == InstanceState.Parked)
            return TalkReply.Failing("turn", Parked());
        // Where the plan goes on beside, the next answer may be one to the plan.
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
        if (Life.Status == InstanceState.Parked)
            return TalkReply.Failing("turn", Parked());
        var why = place.Visit.Settled.GetValueOrDefault(gift.Arrival)?.TakenBack ?? "nothing came of it";
        return why == ByPerson
            ? TakenBack(text, place.Visit.Settled[gift.Arrival].Cycle)
            : TalkReply.Failing("turn", $"not answered: {why}");
    }

    /// <summary>Ends the round now.</summary>
    /// <param name="cancelled">Cannot end a training; it is told.</param>
    /// <returns>What came of it, or null where there was no round to end.</returns>
    public async Task<RoundReport?> EndRoundAsync(CancellationToken cancelled)
    {
        var before = (await ReadAsync(CancellationToken.None)).Length;
        using var told = cancelled.Register(() =>
            System.Console.Error.WriteLine("A training cannot be taken back; it goes on. /rewind undoes it.")
        );
        var gift = (await place.Visit.PutAsync([(Instance, new Input.RoundEnd())], CancellationToken.None))[0];
        await place.Visit.SeeThroughAsync([gift], now);
        return RoundReport.Last((await ReadAsync(CancellationToken.None)).Skip(before));
    }

    /// <summary>Goes on with a fork of the life.</summary>
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

    /// <summary>Why it does not listen.</summary>
    public string Parked() => $"{Instance} is parked: {Life.Reason}; the `aime run` or `aime console` that began its run takes it up again";

    // False where it is certain that nobody will take it up.
    private async Task<bool> SeeThroughAsync(SubmittedInput gift, CancellationToken takeBack)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(now);
        var seen = place.Visit.SeeThroughAsync([gift], given.Token);
        await Task.WhenAny(seen, Task.Delay(Timeout.Infinite, takeBack)); // not awaited itself: to be cancelled is its way to end
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
            "turn",
            console => TalkText.Dim(console, "taken back"),
            json =>
            {
                json.WriteString("input", text);
                json.WriteBoolean("takenBack", true);
                if (cycle is > 0 and var c)
                    json.WriteNumber("cycle", c);
            }
        );
}
