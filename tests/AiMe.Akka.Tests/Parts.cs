using AiMe.Journal;
using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Mind.Tests;

namespace AiMe.Akka.Tests;

/// <summary>What asker and worker are tried with: a node on which nothing lives, and pieces of model work.</summary>
internal static class Parts
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A node whose world answers as told. It claims no name.</summary>
    public static Node Node(Func<string, Effect, Task<Command>>? world = null, Asking? elsewhere = null)
    {
        var options = new HostOptions { Run = "test", Writer = new WriterId("w1"), Faculties = Loop.Faculties, Supervision = Loop.Supervision, Catalogue = MindEvents.Catalogue, Park = (instance, why) => new ParkInstance(instance, why), Parallel = 2 };
        return new Node(options, new World(world ?? ((_, _) => throw new NotSupportedException())), new Silent(), new Claims(null!, OwnerInfo.Here(options.Writer), TimeProvider.System), TimeProvider.System) { Elsewhere = elsewhere };
    }

    /// <summary>A piece of model work of a cycle.</summary>
    public static Effect Work(int cycle) => new AppraiseAnswer(cycle, 1, $"answer {cycle}", Some.Charter, Some.Stimulus(cycle));

    /// <summary>What comes of it.</summary>
    public static Command Done(int cycle) => new AnswerGenerated(cycle, 1, [Some.Answer]);

    private sealed class World(Func<string, Effect, Task<Command>> answer) : IEffects
    {
        public Task<Command> RunAsync(string instance, Effect effect, CancellationToken cancellationToken) => answer(instance, effect);
    }

    private sealed class Silent : IRuntimeObserver
    {
        public void Happened(string instance, string faculty, Event happened)
        {
        }

        public void Refused(string instance, string faculty, Command command, string why)
        {
        }

        public void Restarting(string instance, Exception failure, int attempt, TimeSpan pause)
        {
        }
    }
}
