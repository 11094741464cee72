using AiMe.EventSourcing;

namespace AiMe.Lab.Runs;

/// <summary>No-op effects and observer, for sessions that host no instance. Requested effects stay pending.</summary>
internal sealed class NullHost : IEffects, IRuntimeObserver
{
    public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) =>
        throw new StaysOwedException("This session hosts no instance.");

    public void Happened(string instance, string faculty, Event happened) { }

    public void Refused(string instance, string faculty, Command command, string why) { }

    public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) { }
}
