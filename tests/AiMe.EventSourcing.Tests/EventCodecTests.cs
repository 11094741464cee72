using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AiMe.EventSourcing.Tests;

[Manifest("test.judged", version: 3)]
internal sealed record Judged(string Verdict, double Score, string? Note) : Event;

[Manifest("test.asked")]
internal sealed record Asked(string Text) : Event;

internal sealed record Nameless : Event;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(Judged))]
[JsonSerializable(typeof(Asked))]
[JsonSerializable(typeof(Nameless))]
internal sealed partial class StrictJson : JsonSerializerContext;

[JsonSerializable(typeof(Asked))]
internal sealed partial class LaxJson : JsonSerializerContext;

public sealed class EventCodecTests
{
    // Version 1 had a number, version 2 named it, version 3 added the verdict.
    private static readonly Upcast From1 =
            new("test.judged@1", "test.judged@2", old =>
                JsonSerializer.SerializeToElement(new JsonObject { ["score"] = old.GetProperty("n").GetDouble() })
            ),
        From2 = new("test.judged@2", "test.judged@3", old => JsonSerializer.SerializeToElement(
                    new JsonObject
                    {
                        ["score"] = old.GetProperty("score").GetDouble(),
                        ["verdict"] = "keep",
                        ["note"] = null,
                    }
                ));

    private static readonly EventCodec Catalogue = new(StrictJson.Default, [typeof(Judged), typeof(Asked)], [From1, From2]);

    [Fact]
    public void An_event_is_read_as_it_was_written()
    {
        var judged = new Judged("keep", 0.1 + 0.2, "ä \"quoted\"");
        Catalogue.ManifestOf(judged).ShouldBe("test.judged@3");
        Catalogue.Read("test.judged@3", Catalogue.Write(judged)).ShouldBe(judged);
    }

    [Fact]
    public void Manifests_and_types_come_in_ordinal_order()
    {
        Catalogue.Manifests.ShouldBe(["test.asked@1", "test.judged@3"]);
        Catalogue.Types.ShouldBe([typeof(Asked), typeof(Judged)]);
    }

    [Fact]
    public void An_unknown_manifest_is_named_beside_those_that_are_known() =>
        Corrupt("test.forgotten@1", "{}").ShouldBe("unknown manifest 'test.forgotten@1'; this build knows test.asked@1, test.judged@3");

    [Fact]
    public void A_later_version_is_unknown() => Corrupt("test.judged@4", "{}").ShouldContain("unknown manifest 'test.judged@4'");

    [Theory]
    [InlineData("""{"text":"a","mood":"good"}""", "mood")]
    [InlineData("""{}""", "text")]
    [InlineData("""{"text":null}""", "text")]
    [InlineData("""{"Text":"a"}""", "Text")]
    [InlineData("""{"text":5}""", "text")]
    [InlineData("""null""", "null")]
    [InlineData("""[]""", "test.asked@1")]
    [InlineData("""{"text":"a""", "test.asked@1")]
    public void An_unknown_a_missing_or_a_wrong_member_is_named(string payload, string named)
    {
        var message = Corrupt("test.asked@1", payload);
        message.ShouldContain("test.asked@1");
        message.ShouldContain(named);
    }

    [Theory]
    [InlineData("test.judged@1", """{"n":0.5}""")]
    [InlineData("test.judged@2", """{"score":0.5}""")]
    [InlineData("test.judged@3", """{"verdict":"keep","score":0.5,"note":null}""")]
    public void An_old_form_is_upcast_through_every_version(string manifest, string payload) =>
        Catalogue.Read(manifest, Encoding.UTF8.GetBytes(payload)).ShouldBe(new Judged("keep", 0.5, Note: null));

    [Theory]
    [InlineData("""{"m":0.5}""")]
    [InlineData("""{"n":"half"}""")]
    [InlineData("""5""")]
    public void A_payload_that_never_had_the_old_form_is_a_corrupt_event(string payload) =>
        Corrupt("test.judged@1", payload).ShouldContain("test.judged@");

    [Fact]
    public void An_event_outside_the_catalogue_cannot_be_written() =>
        Should.Throw<ArgumentException>(() => Catalogue.Write(new Nameless())).Message.ShouldContain("Nameless");

    [Fact]
    public void A_type_without_a_manifest_is_refused() =>
        Should
            .Throw<ArgumentException>(() => new EventCodec(StrictJson.Default, [typeof(Nameless)]))
            .Message.ShouldBe("The event type Nameless has no [Manifest].");

    [Fact]
    public void Two_types_of_one_manifest_are_refused() =>
        Should
            .Throw<ArgumentException>(() => new EventCodec(StrictJson.Default, [typeof(Asked), typeof(Asked)]))
            .Message.ShouldContain("test.asked@1");

    [Fact]
    public void JSON_options_that_would_lose_a_member_silently_are_refused() =>
        Should.Throw<ArgumentException>(() => new EventCodec(LaxJson.Default, [typeof(Asked)])).Message.ShouldContain("LaxJson");

    [Fact]
    public void An_upcast_that_leads_nowhere_in_a_circle_or_from_a_current_manifest_is_refused()
    {
        Should
            .Throw<ArgumentException>(() => new EventCodec(StrictJson.Default, [typeof(Judged)], [From1]))
            .Message.ShouldContain("test.judged@2");
        Should
            .Throw<ArgumentException>(() =>
                new EventCodec(StrictJson.Default, [typeof(Judged)], [From1, new Upcast("test.judged@2", "test.judged@1", e => e)])
            )
            .Message.ShouldContain("not a current manifest");
        Should
            .Throw<ArgumentException>(() =>
                new EventCodec(StrictJson.Default, [typeof(Asked)], [new Upcast("test.asked@1", "test.asked@1", e => e)])
            )
            .Message.ShouldContain("never run");
    }

    private static string Corrupt(string manifest, string payload) =>
        Should.Throw<CorruptEventException>(() => Catalogue.Read(manifest, Encoding.UTF8.GetBytes(payload))).Message;
}
