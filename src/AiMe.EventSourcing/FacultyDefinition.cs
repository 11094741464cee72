using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;

namespace AiMe.EventSourcing;

/// <summary>A decider with its types erased, as a host sees it.</summary>
public abstract class FacultyDefinition
{
    private readonly Func<JsonTypeInfo> _stateJson;

    /// <summary>For wrappers: the same names, commands and events as the wrapped definition.</summary>
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

    /// <summary>JSON of its state, for snapshots and the digest of the state.</summary>
    public JsonTypeInfo StateJson => _stateJson();

    /// <summary>Base type of its commands.</summary>
    public Type Commands { get; }

    /// <summary>Base type of its events.</summary>
    public Type Events { get; }

    /// <summary>The state before any event.</summary>
    public abstract object Initial { get; }

    /// <summary>Adapts a decider.</summary>
    /// <param name="stateJson">Called when a state is written or read, because building it takes time.</param>
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
