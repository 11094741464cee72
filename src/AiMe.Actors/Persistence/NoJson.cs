using System.Runtime.Serialization;
using Akka.Actor;

namespace AiMe.Actors.Persistence;

/// <summary>
/// Stands in the place of Akka's own JSON serializer, which makes objects of whatever type a message names: nothing of
/// ours needs it, and a port should not offer it.
/// </summary>
public sealed class NoJson(ExtendedActorSystem system) : Akka.Serialization.Serializer(system)
{
    /// <param name="settings">Of the serializer in whose place it stands; Akka hands them over.</param>
    public NoJson(ExtendedActorSystem system, Akka.Configuration.Config settings)
        : this(system) => _ = settings;

    /// <summary>That of the serializer in whose place it stands.</summary>
    public override int Identifier => 1;

    /// <inheritdoc />
    public override bool IncludeManifest => true;

    /// <inheritdoc />
    public override byte[] ToBinary(object obj) => throw Refused(obj?.GetType().FullName ?? "null");

    /// <inheritdoc />
    public override object FromBinary(byte[] bytes, Type type) => throw Refused(type?.FullName ?? "a message without a type");

    private static SerializationException Refused(string what) =>
        new($"{what} as JSON with type names: nothing of that form is stored or sent.");
}
