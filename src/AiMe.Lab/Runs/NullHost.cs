using AiMe.EventSourcing;

namespace AiMe.Lab.Runs;

/// <summary>For a session in which nobody lives: what an inbox wakes all the same stays owed, and nobody looks on.</summary>
internal sealed class NullHost : IEffects, IRuntimeObserver
{
    public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) =>
        throw new StaysOwedException("Nobody lives in this session.");

    public void Happened(string instance, string faculty, Event happened) { }

    public void Refused(string instance, string faculty, Command command, string why) { }

    public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) { }
}
