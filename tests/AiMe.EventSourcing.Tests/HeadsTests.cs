using System.Collections.Immutable;
using System.Text.Json;

namespace AiMe.EventSourcing.Tests;

public sealed class HeadsTests
{
    private static readonly Link First = Link.Parse("920fdd6cc4e54bdcd1be1c5027b26fd4"),
        Second = Link.Parse("7ee4f6e773b7a1b68be5ca9178167e1a");

    [Fact]
    public void The_digest_is_the_hash_over_the_links_in_order() =>
        new Heads([First, Second]).Digest().ShouldBe("d32615acfc1cff7b11035c2cabd531c1af172b3f994c4cef05ea30b6fd30f9e2");

    [Fact]
    public void The_digest_of_no_heads_is_the_hash_of_nothing() =>
        Heads.None.Digest().ShouldBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    [Fact]
    public void The_digest_depends_on_the_order() => new Heads([First, Second]).Digest().ShouldNotBe(new Heads([Second, First]).Digest());

    [Fact]
    public void Heads_are_equal_when_their_links_are()
    {
        var (one, same) = (new Heads([First, Second]), new Heads(ImmutableArray.Create(First, Second)));
        one.ShouldBe(same);
        one.GetHashCode().ShouldBe(same.GetHashCode());
        one.ShouldNotBe(new Heads([Second, First]));
        one.ShouldNotBe(new Heads([First]));
        Heads.None.ShouldBe(new Heads([]));
        Heads.None.GetHashCode().ShouldBe(new Heads([]).GetHashCode());
    }

    [Fact]
    public void Heads_are_an_array_of_links_in_JSON()
    {
        var json = JsonSerializer.Serialize(new Heads([First, Second]));
        json.ShouldBe("""["920fdd6cc4e54bdcd1be1c5027b26fd4","7ee4f6e773b7a1b68be5ca9178167e1a"]""");
        JsonSerializer.Deserialize<Heads>(json).ShouldBe(new Heads([First, Second]));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""["12"]""")]
    [InlineData("""[null]""")]
    [InlineData("""[1]""")]
    [InlineData("[\"920fdd6cc4e54bdcd1be1c5027b26fd4\"")]
    public void Anything_else_is_refused(string json) => Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Heads>(json));
}
