using AiMe.Lab.History;

namespace AiMe.Lab.Tests.History;

/// <summary>Numbers and spans in words.</summary>
public sealed class PlainTests
{
    [Theory]
    [InlineData(0.2, "0 s")]
    [InlineData(89, "89 s")]
    [InlineData(720, "12 min")]
    [InlineData(12_000, "3 h 20 min")]
    [InlineData(187_200, "2 d 4 h")]
    public void A_span_has_its_two_greatest_units(double seconds, string words) =>
        Plain.Span(TimeSpan.FromSeconds(seconds)).ShouldBe(words);

    [Theory]
    [InlineData(40, "40 s ago")]
    [InlineData(-40, "40 s in the future")]
    public void The_clock_of_another_machine_may_be_ahead(double seconds, string words) =>
        Plain.Ago(TimeSpan.FromSeconds(seconds)).ShouldBe(words);

    [Theory]
    [InlineData(1, "1 input")]
    [InlineData(1200, "1,200 inputs")]
    public void A_noun_follows_its_number(long n, string words) => Plain.Count(n, "input").ShouldBe(words);
}
