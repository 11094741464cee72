using Akka.Actor;

namespace AiMe.Actors;

/// <summary>
/// Creates an actor with a delegate. Akka would compile props from an expression each time, and a run has tens of
/// thousands of faculties.
/// </summary>
internal sealed class Producer<TActor>(Func<TActor> make) : IIndirectActorProducer
    where TActor : ActorBase
{
    public Type ActorType => typeof(TActor);

    public ActorBase Produce() => make();

    public void Release(ActorBase actor) { }
}
