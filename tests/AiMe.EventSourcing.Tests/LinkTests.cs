using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace AiMe.EventSourcing.Tests;

public sealed class LinkTests
{
    private static readonly byte[] Asked = Encoding.UTF8.GetBytes("""{"text":"who are you?"}"""),
        Answered = Encoding.UTF8.GetBytes("""{"text":"ä"}""");

    // The golden values of this file and of SeedTests come from a few lines of Python (hashlib, struct) written from the documentation alone.
    [Theory]
    [InlineData("self", "06c604b332b386b6cce8355ccf27fffd")]
    [InlineData("memory", "c064fbca9d9de8dd9bb0624984403b28")]
    [InlineData("reflector", "2a0b731e662b9d27984112cd2b9bd00f")]
    [InlineData("curator", "253976855f08111c038c4a7570d90b38")]
    [InlineData("trainer", "06ea17a8981d25b0315ff17bd1ebad3d")]
    public void Before_the_first_event_the_link_is_the_hash_of_the_faculty_s_name(string faculty, string expected) =>
        Link.Before(faculty).ToString().ShouldBe(expected);

    [Fact]
    public void The_chain_over_two_events_never_changes()
    {
        var first = Link.Before("self").Next(1, 1, "self.asked@1", Asked);
        first.ToString().ShouldBe("920fdd6cc4e54bdcd1be1c5027b26fd4");
        first.Next(2, 7, "self.answered@1", Answered).ToString().ShouldBe("7ee4f6e773b7a1b68be5ca9178167e1a");
    }

    [Fact]
    public void A_link_depends_on_the_link_before() =>
        Holds((a, b, s, i, m, d) => a == b || new Link(a).Next(s, i, m, d) != new Link(b).Next(s, i, m, d));

    [Fact]
    public void A_link_depends_on_the_sequence_number() =>
        Holds((a, _, s, i, m, d) => new Link(a).Next(s, i, m, d) != new Link(a).Next(s + 1, i, m, d));

    [Fact]
    public void A_link_depends_on_the_index() =>
        Holds((a, _, s, i, m, d) => new Link(a).Next(s, i, m, d) != new Link(a).Next(s, i + 1, m, d));

    [Fact]
    public void Sequence_number_and_index_cannot_change_places() =>
        Holds((a, _, s, i, m, d) => s == i || new Link(a).Next(s, i, m, d) != new Link(a).Next(i, s, m, d));

    [Fact]
    public void A_link_depends_on_the_manifest() =>
        Holds((a, _, s, i, m, d) => new Link(a).Next(s, i, m, d) != new Link(a).Next(s, i, m + "x", d));

    [Fact]
    public void A_link_depends_on_every_byte_of_the_data() =>
        Holds(
            (a, b, s, i, m, d) =>
            {
                if (d.Length == 0)
                    return true;
                byte[] other = [.. d];
                other[(int)(b % (uint)d.Length)] ^= 1;
                return new Link(a).Next(s, i, m, d) != new Link(a).Next(s, i, m, other);
            }
        );

    [Fact]
    public void A_byte_cannot_move_from_the_manifest_to_the_data() =>
        Holds((a, _, s, i, m, d) => new Link(a).Next(s, i, m + "x", d) != new Link(a).Next(s, i, m, [(byte)'x', .. d]));

    [Fact]
    public void A_link_is_read_as_it_is_written() =>
        Prop.ForAll(
                (ulong high, ulong low) =>
                {
                    var link = new Link(new UInt128(high, low));
                    return Link.Parse(link.ToString()) == link && $"{link}" == link.ToString() && link.ToString().Length == 32;
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("06c604b332b386b6cce8355ccf27fff")]
    [InlineData("006c604b332b386b6cce8355ccf27fffd")]
    [InlineData("06C604B332B386B6CCE8355CCF27FFFD")]
    [InlineData(" 6c604b332b386b6cce8355ccf27fffd")]
    [InlineData("g6c604b332b386b6cce8355ccf27fffd")]
    [InlineData(null)]
    public void Any_other_spelling_of_a_link_is_refused(string? text)
    {
        Should.Throw<FormatException>(() => Link.Parse(text));
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Link>(JsonSerializer.Serialize(text)));
    }

    private static void Holds(Func<ulong, ulong, long, long, string, byte[], bool> law) =>
        Prop.ForAll(
                (ulong a, ulong b, (long Sequence, long Index, NonNull<string> Manifest, byte[] Data) row) =>
                    law(a, b, row.Sequence, row.Index, row.Manifest.Get, row.Data ?? [])
            )
            .QuickCheckThrowOnFailure();
}
