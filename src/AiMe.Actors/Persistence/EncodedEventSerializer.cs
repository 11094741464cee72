using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace AiMe.Actors.Persistence;

/// <summary>
/// Writes rows through Akka.Persistence.Sql with the bytes, manifests and identifier of AiMe's own journal.
/// </summary>
public sealed class EncodedEventSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <inheritdoc />
    public override int Identifier => Journal.Sqlite.SqliteJournal.SerializerId;

    /// <inheritdoc />
    public override string Manifest(object o) => o is EncodedEvent row ? row.Manifest : throw Refused(o);

    /// <inheritdoc />
    public override byte[] ToBinary(object obj) => obj is EncodedEvent row ? row.Message.ToArray() : throw Refused(obj);

    /// <summary>
    /// Accepts any manifest: the actor that folds the row checks it, and can name the row in its error.
    /// </summary>
    public override object FromBinary(byte[] bytes, string manifest) => new EncodedEvent(manifest, bytes);

    private static SerializationException Refused(object? what) => new($"{what?.GetType().Name ?? "null"} is not a row of AiMe's journal.");
}
