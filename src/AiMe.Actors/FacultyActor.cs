using AiMe.EventSourcing;
using AiMe.Faculties;
using Akka.Actor;

namespace AiMe.Actors;

/// <summary>
/// A faculty of an instance. It receives one command at a time together with the turn, and then returns the turn.
/// </summary>
public abstract class FacultyActor : DeciderActor
{
    private readonly int _stream;

    private protected FacultyActor(InstanceServices services, string instance, string faculty, WriterId writer)
        : base(services, new FacultyAddress(instance, faculty), services.Options.Faculties[services.StreamOf(faculty)], writer) =>
        _stream = services.StreamOf(faculty);

    private protected sealed override void OnRecovered() =>
        Context.Parent.Tell(new Recovered(_stream, Current.Index, Current.Head, Pending));

    private protected sealed override void OnFailed(Exception failure) => Context.Parent.Tell(new FacultyFailed(failure));

    private protected sealed override void OnMessage(object message)
    {
        if (message is TakeTurn take)
            Take(take.Command, take.Turn);
        else
            Unhandled(message);
    }

    private void Take(Command command, Turn turn)
    {
        var step = Decide(Current.State, command is IStamped stamped ? stamped.Stamp(At.Instance, turn.Heads) : command);
        if (step.Decision.Events.IsEmpty)
            Context.Parent.Tell(new TurnTaken(turn, step.Decision.Effects, Progressed: false));
        else
            Write([step], turn.Index, () =>
                Context.Parent.Tell(
                    new TurnTaken(turn.After(_stream, Current.Index, Current.Head), step.Decision.Effects, Progressed: true)
                )
            );
    }
}

/// <summary>Answers, recalls, keeps the self-model and answers the probes.</summary>
public sealed class SelfActor(InstanceServices services, string instance, WriterId writer)
    : FacultyActor(services, instance, Loop.Self, writer);

/// <summary>Stores all experience and recalls from it.</summary>
public sealed class MemoryActor(InstanceServices services, string instance, WriterId writer)
    : FacultyActor(services, instance, Loop.Memory, writer);

/// <summary>Reflects on every output.</summary>
public sealed class ReflectorActor(InstanceServices services, string instance, WriterId writer)
    : FacultyActor(services, instance, Loop.Reflector, writer);

/// <summary>Curates: applies the instance's policy and gives a verdict with reasons.</summary>
public sealed class CuratorActor(InstanceServices services, string instance, WriterId writer)
    : FacultyActor(services, instance, Loop.Curator, writer);

/// <summary>Trains, checks the candidate at the gate, and promotes it or rolls back.</summary>
public sealed class TrainerActor(InstanceServices services, string instance, WriterId writer)
    : FacultyActor(services, instance, Loop.Trainer, writer);

/// <summary>Creates the props of faculties.</summary>
internal static class FacultyProps
{
    /// <summary>The props of a faculty.</summary>
    /// <exception cref="ArgumentException">There is no faculty of that name.</exception>
    public static Props Of(InstanceServices services, string instance, string faculty, WriterId writer) =>
        faculty switch
        {
            Loop.Self => Of<SelfActor>(() => new(services, instance, writer)),
            Loop.Memory => Of<MemoryActor>(() => new(services, instance, writer)),
            Loop.Reflector => Of<ReflectorActor>(() => new(services, instance, writer)),
            Loop.Curator => Of<CuratorActor>(() => new(services, instance, writer)),
            Loop.Trainer => Of<TrainerActor>(() => new(services, instance, writer)),
            _ => throw new ArgumentException($"There is no faculty '{faculty}'.", nameof(faculty)),
        };

    private static Props Of<TActor>(Func<TActor> make)
        where TActor : ActorBase => Props.CreateBy(new Producer<TActor>(make));
}
