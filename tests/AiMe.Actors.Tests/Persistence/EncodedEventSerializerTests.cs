using System.Runtime.Serialization;
using AiMe.Actors.Persistence;
using AiMe.EventSourcing;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace AiMe.Actors.Tests.Persistence;

/// <summary>What Akka.Persistence.Sql is given to store, and what comes back from it.</summary>
public sealed class EncodedEventSerializerTests : TestKit
{
    private readonly EncodedEventSerializer _serializer;

    public EncodedEventSerializerTests()
        : base(Systems.Silent) => _serializer = new EncodedEventSerializer((ExtendedActorSystem)Sys);

    [Fact]
    public void A_row_has_the_bytes_the_manifest_and_the_identifier_that_AiMes_own_journal_writes()
    {
        var row = new EncodedEvent("memory.stored@1", "{\"i\":1}"u8.ToArray(), new WriterId("w1"));
        _serializer.Identifier.ShouldBe(174_201);
        _serializer.Manifest(row).ShouldBe("memory.stored@1");
        _serializer.ToBinary(row).ShouldBe("{\"i\":1}"u8.ToArray());
    }

    [Theory]
    [InlineData("memory.stored@1")]
    [InlineData("supervisor.planned@1")] // an old version
    [InlineData("memory.stored@99")] // an unknown one: the actor that folds it names the row
    public void A_row_of_any_manifest_comes_back(string manifest)
    {
        var row = (EncodedEvent)_serializer.FromBinary("{\"i\":1}"u8.ToArray(), manifest);
        row.Manifest.ShouldBe(manifest);
        row.Message.ToArray().ShouldBe("{\"i\":1}"u8.ToArray());
    }

    [Theory]
    [InlineData("text")]
    [InlineData(null)]
    public void Anything_else_is_not_stored(string? message)
    {
        Should.Throw<SerializationException>(() => _serializer.ToBinary(message!)).Message.ShouldContain("is not a row of AiMe's journal");
        Should.Throw<SerializationException>(() => _serializer.Manifest(message!));
    }
}
