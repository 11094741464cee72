using System.Security.Claims;
using System.Text;
using AiMe.Effects;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Talk;
using AiMe.Web.View.Security;

namespace AiMe.Web.View.Control;

/// <summary>One input that a page sends to an instance, and its answer as it appears.</summary>
/// <param name="changed">Called when there is more to show.</param>
internal sealed class Injection(StoreWriter writer, RunPlan plan, string instance, string text, Func<Task> changed) : IAnswerListener
{
    private const string Topic = "talk";

    private readonly Lock _lock = new();
    private StringBuilder _answer = new();

    /// <summary>The text that was sent.</summary>
    public string Text => text;

    /// <summary>The answer so far; it may still be discarded. Empty if another process gives it.</summary>
    public string Answer
    {
        get
        {
            lock (_lock)
                return _answer.ToString();
        }
    }

    /// <summary>The whole exchange, once it is stored.</summary>
    public Exchange? Exchange { get; private set; }

    /// <summary>Why there is no answer, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether the input is in the run's inbox, where it is not lost.</summary>
    public bool IsSubmitted { get; private set; }

    /// <summary>Whether it is over, with an answer or without.</summary>
    public bool IsOver => Exchange is not null || Problem is not null;

    /// <summary>Sends the input and waits for its answer.</summary>
    public async Task RunAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        NotUnlockedException.Demand(user);
        try
        {
            var store = await writer.OpenAsync(cancellationToken);
            await using var connection = new RunConnection(
                store,
                plan,
                cancelled => writer.PrepareAsync(plan, this, cancelled),
                writer.Parallel,
                new HostedHere(plan.Run, instance),
                writer.Time
            );
            await connection.CatchUpAsync(cancellationToken);
            if (connection.State.Instances.GetValueOrDefault(instance) is not { } state)
                throw new ControlException($"{plan.Run} has no instance {instance}.");
            if (state.Status == InstanceState.Parked)
                throw new ControlException($"{instance} is parked: {state.Reason}. Try it again first.");
            var submitted = await connection.PutAsync([(instance, new Input.Said(text, Topic))], cancellationToken);
            IsSubmitted = true;
            await changed();
            await connection.SeeThroughAsync(submitted, cancellationToken);
            Exchange = await connection.ReadAsync(submitted[0], cancellationToken);
            if (Exchange is null)
                Problem = connection.Settled.GetValueOrDefault(submitted[0].Arrival)?.TakenBack
                    ?? WhyUnanswered(connection.State.Instances[instance]);
            await connection.CloseAsync(CancellationToken.None);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Problem = IsSubmitted
                ? "The page was left, or the server stops. The input stays in the run's inbox."
                : "The page was left, or the server stops, before it was sent.";
        }
        catch (Exception e) when (e is not NotUnlockedException)
        {
            Problem = e.Message;
        }

        await changed();
    }

    private static string WhyUnanswered(InstanceProgress state) =>
        state.AwaitsReviews ? "its round waits for people's verdicts, and the input for the round." : $"it is parked: {state.Reason}";

    /// <inheritdoc />
    public Action<string>? Begins(int cycle, int attempt)
    {
        StringBuilder own = new();
        lock (_lock)
            _answer = own;
        return piece =>
        {
            lock (_lock)
                own.Append(piece);
            _ = changed();
        };
    }
}
