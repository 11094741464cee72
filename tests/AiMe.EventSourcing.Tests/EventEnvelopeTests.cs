using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace AiMe.EventSourcing.Tests;

public sealed class EventEnvelopeTests
{
    private const string H = "06c604b332b386b6cce8355ccf27fffd";

    [Fact]
    public void An_envelope_is_index_data_and_link_in_this_order()
    {
        var envelope = new EventEnvelope(7, Encoding.UTF8.GetBytes("""{"text":"ä"}"""), Link.Before("self"));
        Encoding.UTF8.GetString(envelope.Write()).ShouldBe($$"""{"i":7,"d":{"text":"ä"},"h":"{{H}}"}""");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"d":1,"h":2,"i":[{"}":"\"]}"}]}""")]
    [InlineData("""{"text":"}\",\"h\":\"","more":[1,2,{"x":null}]}""")]
    [InlineData("null")]
    [InlineData("-1.5e300")]
    public void The_data_s_bytes_come_back_unchanged(string data)
    {
        var bytes = Encoding.UTF8.GetBytes(data);
        var read = EventEnvelope.Read(new EventEnvelope(1, bytes, Link.Before("self")).Write());
        read.Data.ToArray().ShouldBe(bytes);
        read.Link.ShouldBe(Link.Before("self"));
        read.Index.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"i":1,"d":{}}""")]
    [InlineData("""{"d":{},"i":1,"h":"06c604b332b386b6cce8355ccf27fffd"}""")]
    [InlineData("""{"i":1,"d":{},"h":"06c604b332b386b6cce8355ccf27fffd","x":1}""")]
    [InlineData("""{"i":1,"d":{},"h":"06c604b332b386b6cce8355ccf27fffd"} {}""")]
    [InlineData("""{"i":1,"d":{},"h":"06c6"}""")]
    [InlineData("""{"i":1,"d":{},"h":null}""")]
    [InlineData("""{"i":1,"d":{},"h":5}""")]
    [InlineData("""{"i":"1","d":{},"h":"06c604b332b386b6cce8355ccf27fffd"}""")]
    [InlineData("""{"i":1.5,"d":{},"h":"06c604b332b386b6cce8355ccf27fffd"}""")]
    [InlineData("""{"i":99999999999999999999,"d":{},"h":"06c604b332b386b6cce8355ccf27fffd"}""")]
    [InlineData("""{"i":1,"d":{"x":},"h":"06c604b332b386b6cce8355ccf27fffd"}""")]
    [InlineData("""{"i":1,"d":{},"h":"06c604b332b386b6cce8355ccf27fffd" """)]
    public void Anything_else_is_a_corrupt_event(string message) =>
        Should
            .Throw<CorruptEventException>(() => EventEnvelope.Read(Encoding.UTF8.GetBytes(message)))
            .Message.ShouldContain("not an envelope");

    [Fact]
    public void Bytes_that_are_no_JSON_are_a_corrupt_event_and_never_another_exception() =>
        Prop.ForAll(
                (byte[] bytes) =>
                {
                    try
                    {
                        EventEnvelope.Read(bytes ?? []);
                        return false;
                    }
                    catch (CorruptEventException)
                    {
                        return true;
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Every_single_flipped_bit_of_a_message_is_found()
    {
        var data = Encoding.UTF8.GetBytes("""{"text":"who are you?","n":[1,2.5,true]}""");
        var message = new EventEnvelope(12, data, Link.Before("self").Next(3, 12, "self.asked@1", data)).Write();
        for (var bit = 0; bit < message.Length * 8; bit++)
        {
            byte[] flipped = [.. message];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Intact(flipped).ShouldBeFalse($"bit {bit}: {Encoding.Latin1.GetString(flipped)}");
        }

        Intact(message).ShouldBeTrue();
    }

    private static bool Intact(byte[] message)
    {
        try
        {
            var read = EventEnvelope.Read(message);
            return read.Link == Link.Before("self").Next(3, read.Index, "self.asked@1", read.Data.Span);
        }
        catch (CorruptEventException)
        {
            return false;
        }
    }
}
