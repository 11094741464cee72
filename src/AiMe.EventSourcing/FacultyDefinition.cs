using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;

namespace AiMe.EventSourcing;

/// <summary>A decider with its types erased, as a host sees it. One generic cell hosts any of them.</summary>
public abstract class FacultyDefinition
{
    private readonly Func<JsonTypeInfo> _stateJson;

    /// <summary>For what stands between a host and a faculty: it bears the same names and takes the same commands and events.</summary>
    protected FacultyDefinition(FacultyDefinition inner)
        : this(inner.Name, inner.StateManifest, inner._stateJson, inner.Commands, inner.Events) { }

    private FacultyDefinition(string name, string stateManifest, Func<JsonTypeInfo> stateJson, Type commands, Type events) =>
        (Name, StateManifest, Before, _stateJson, Commands, Events) = (name, stateManifest, Link.Before(name), stateJson, commands, events);

    /// <summary>Lower-case name: the last part of its persistence id, and the text its chain starts from.</summary>
    public string Name { get; }

    /// <summary>The link before its first event.</summary>
    public Link Before { get; }

    /// <summary>The manifest of its snapshots.</summary>
    public string StateManifest { get; }

    /// <summary>How its state becomes JSON, for snapshots and for the state's digest.</summary>
    public JsonTypeInfo StateJson => _stateJson();

    /// <summary>The closed set of commands it takes.</summary>
    public Type Commands { get; }

    /// <summary>The closed set of events it writes.</summary>
    public Type Events { get; }

    /// <summary>The state before any event.</summary>
    public abstract object Initial { get; }

    /// <summary>Adapts a decider.</summary>
    /// <param name="stateJson">Asked when a state is written or read: to put it together takes its time.</param>
    public static FacultyDefinition Of<TDecider, TState, TCommand, TEvent>(
        string name,
        int stateVersion,
        Func<JsonTypeInfo<TState>> stateJson
    )
        where TDecider : IDecider<TState, TCommand, TEvent>
        where TState : class
        where TCommand : Command
        where TEvent : Event => new TypedDefinition<TDecider, TState, TCommand, TEvent>(name, stateVersion, stateJson);

    /// <inheritdoc cref="IDecider{TState,TCommand,TEvent}.Decide" />
    public abstract Decision<Event> Decide(object state, Command command);

    /// <inheritdoc cref="IDecider{TState,TCommand,TEvent}.Evolve" />
    public abstract object Evolve(object state, Event happened);

    /// <inheritdoc cref="IDecider{TState,TCommand,TEvent}.Pending" />
    public abstract ImmutableArray<Effect> Pending(object state);

    private sealed class TypedDefinition<TDecider, TState, TCommand, TEvent>(string name, int version, Func<JsonTypeInfo<TState>> json)
        : FacultyDefinition(name, $"{name}.state@{version}", json, typeof(TCommand), typeof(TEvent))
        where TDecider : IDecider<TState, TCommand, TEvent>
        where TState : class
        where TCommand : Command
        where TEvent : Event
    {
        public override object Initial => TDecider.Initial;

        public override Decision<Event> Decide(object state, Command command)
        {
            if (command is not TCommand own)
                return new Refusal($"{Name} does not take {command.GetType().Name}");
            var decision = TDecider.Decide((TState)state, own);
            return new Decision<Event>(ImmutableArray<Event>.CastUp(decision.Events), decision.Effects, decision.Refusal);
        }

        public override object Evolve(object state, Event happened) => TDecider.Evolve((TState)state, (TEvent)happened);

        public override ImmutableArray<Effect> Pending(object state) => TDecider.Pending((TState)state);
    }
}
