using AiMe.Console.Commands;
using AiMe.EventSourcing;
using AiMe.Faculties.Trainer;

namespace AiMe.Console.Repl;

/// <summary>Prints long operations and failures on standard error during a conversation.</summary>
internal sealed class TalkObserver : IRuntimeObserver
{
    private readonly FailureLog _trouble = new();

    public void Happened(string instance, string faculty, Event happened)
    {
        _trouble.Happened(instance, faculty, happened);
        if (happened is Planned planned)
            System.Console.Error.WriteLine($"Round {planned.Plan.Round} is complete: training on the kept experiences...");
    }

    public void Refused(string instance, string faculty, Command command, string why) => _trouble.Refused(instance, faculty, command, why);

    public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause) =>
        _trouble.Restarting(instance, failure, attempt, pause);
}
