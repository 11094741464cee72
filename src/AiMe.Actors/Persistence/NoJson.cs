using System.Runtime.Serialization;
using Akka.Actor;

namespace AiMe.Actors.Persistence;

/// <summary>
/// Replaces Akka's JSON serializer, which creates objects of any type that a message names. AiMe does not need it, so
/// no port offers it.
/// </summary>
public sealed class NoJson(ExtendedActorSystem system) : Akka.Serialization.Serializer(system)
{
    /// <param name="settings">Settings of the replaced serializer; Akka passes them.</param>
    public NoJson(ExtendedActorSystem system, Akka.Configuration.Config settings)
        : this(system) => _ = settings;

    /// <summary>The identifier of the replaced serializer.</summary>
    public override int Identifier => 1;

    /// <inheritdoc />
    public override bool IncludeManifest => true;

    /// <inheritdoc />
    public override byte[] ToBinary(object obj) => throw Refused(obj?.GetType().FullName ?? "null");

    /// <inheritdoc />
    public override object FromBinary(byte[] bytes, Type type) => throw Refused(type?.FullName ?? "a message without a type");

    private static SerializationException Refused(string what) =>
        new($"{what} cannot be serialized as JSON with type names: AiMe stores and sends nothing in that form.");
}
