using Akka.Actor;
using Akka.Cluster.Sharding;

namespace AiMe.Actors;

/// <summary>
/// The parent of all instances on a host without a cluster, in place of a shard region. The first message to an
/// instance creates it.
/// </summary>
/// <param name="extractor">Maps a message to its instance, as for the shard region.</param>
/// <param name="propsOf">The props of an instance, by name.</param>
internal sealed class InstancesActor(IMessageExtractor extractor, Func<string, Props> propsOf) : UntypedActor
{
    private readonly Dictionary<string, IActorRef> _instances = new(StringComparer.Ordinal);
    private readonly Dictionary<IActorRef, Queue<object>> _leaving = [];
    private bool _stopping;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Passivate passivate:
                if (_leaving.TryAdd(Sender, []))
                    Sender.Tell(passivate.StopMessage);
                break;
            case Terminated terminated:
                OnStopped(terminated.ActorRef);
                break;
            case FinishAndStop:
                _stopping = true;
                foreach (var instance in _instances.Values)
                    instance.Tell(message);
                StopIfEmpty();
                break;
            default:
                Deliver(message);
                break;
        }
    }

    private void Deliver(object message)
    {
        if (extractor.EntityId(message) is not { } name)
            Unhandled(message);
        else if (_stopping)
            return; // the next host finds pending messages again
        else if (_instances.TryGetValue(name, out var instance) && _leaving.TryGetValue(instance, out var waiting))
            waiting.Enqueue(message); // recreated for them once it has stopped
        else
            (instance ?? Create(name)).Forward(message);
    }

    // The name follows the shard region's convention.
    private IActorRef Create(string name) => _instances[name] = Context.Watch(Context.ActorOf(propsOf(name), Uri.EscapeDataString(name)));

    private void OnStopped(IActorRef instance)
    {
        _instances.Remove(Uri.UnescapeDataString(instance.Path.Name));
        if (_leaving.Remove(instance, out var waiting))
        {
            foreach (var message in waiting)
                Deliver(message);
        }

        StopIfEmpty();
    }

    private void StopIfEmpty()
    {
        if (_stopping && _instances.Count == 0)
            Context.Stop(Self);
    }
}
