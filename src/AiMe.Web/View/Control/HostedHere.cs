using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties.Self;

namespace AiMe.Web.View.Control;

/// <summary>A run, or some instances of it, that this server hosts.</summary>
/// <param name="run">Id of the run.</param>
/// <param name="what">What is hosted, for people.</param>
internal sealed class HostedHere(string run, string what) : IRuntimeObserver, IDisposable
{
    private const int MostProblems = 20;

    private readonly CancellationTokenSource _interrupt = new();
    private readonly CancellationTokenSource _now = new();
    private ImmutableList<string> _problems = [];

    /// <summary>Id of the run.</summary>
    public string Run => run;

    /// <summary>What is hosted, for people.</summary>
    public string What => what;

    /// <summary>The work; completes when the run has ended, was paused or failed.</summary>
    public Task Work { get; private set; } = Task.CompletedTask;

    /// <summary>Why it ended, or null while it goes on or if it ended well.</summary>
    public string? Failure { get; private set; }

    /// <summary>The last failures of calls and actors, oldest first.</summary>
    public ImmutableList<string> Problems => _problems;

    /// <summary>Begins the work.</summary>
    /// <param name="host">Gets the observer, the gentle interruption, and the immediate one.</param>
    public void Start(Func<IRuntimeObserver, CancellationToken, CancellationToken, Task> host) => Work = Task.Run(() => HostAsync(host));

    /// <summary>Stops at the next boundary.</summary>
    public Task PauseAsync() => _interrupt.CancelAsync();

    /// <summary>Stops at the next boundary, and at once if that takes long.</summary>
    public async Task CloseAsync(TimeSpan patience, TimeProvider time)
    {
        await _interrupt.CancelAsync();
        await Task.WhenAny(Work, Task.Delay(patience, time));
        await _now.CancelAsync();
        await Work;
    }

    /// <inheritdoc />
    public void Happened(string instance, string faculty, Event happened)
    {
        if (happened is GenerationFailed f)
            Add($"{instance}: no answer at attempt {f.Attempt}: {f.Error}");
    }

    /// <inheritdoc />
    public void Refused(string instance, string faculty, Command command, string why) =>
        Add($"{instance}: refused {command.GetType().Name}: {why}");

    /// <inheritdoc />
    public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) =>
        Add($"{instance}: restarted after {failure.GetType().Name}: {failure.Message} (attempt {attempt})");

    /// <inheritdoc />
    public void Dispose()
    {
        _interrupt.Dispose();
        _now.Dispose();
    }

    private async Task HostAsync(Func<IRuntimeObserver, CancellationToken, CancellationToken, Task> host)
    {
        try
        {
            await host(this, _interrupt.Token, _now.Token);
        }
        catch (OperationCanceledException) when (_interrupt.IsCancellationRequested)
        {
            // Paused before the models were ready.
        }
        catch (Exception e)
        {
            Failure = e.Message; // the page shows it
        }
    }

    private void Add(string problem) =>
        ImmutableInterlocked.Update(ref _problems, (all, added) => (all.Count < MostProblems ? all : all.RemoveAt(0)).Add(added), problem);
}
