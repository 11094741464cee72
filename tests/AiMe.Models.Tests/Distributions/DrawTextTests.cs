using AiMe.Models.Distributions;

namespace AiMe.Models.Tests.Distributions;

public sealed class DrawTextTests
{
    private static readonly DistributionShape s_gaussian = new(3);
    private static readonly DistributionShape s_categorical = new(3, Categories: 12);

    [Theory]
    [InlineData(0, 1000, -1000, "0 1 -1")]
    [InlineData(310, -1204, 2000, "0.31 -1.204 2")]
    [InlineData(5, -50, 1_000_000_000, "0.005 -0.05 1000000")]
    public void A_draw_is_a_line_of_its_values_with_as_few_decimals_as_they_have(int a, int b, int c, string text)
    {
        DrawText.Write(s_gaussian, [a, b, c]).ShouldBe(text);
        DrawText.TryRead(s_gaussian, text, out var draw).ShouldBeTrue();
        draw.ShouldBe([a, b, c]);
    }

    [Fact]
    public void Every_text_parses_back_exactly()
    {
        foreach (var shape in (DistributionShape[])[new(500), new(500, Categories: 2), new(500, Categories: 1000)])
        {
            foreach (var draw in shape.Real(seed: 5, count: 20))
            {
                DrawText.TryRead(shape, DrawText.Write(shape, draw), out var read).ShouldBeTrue();
                read.ShouldBe(draw, "of seed 5");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("I am AiMe.")]
    [InlineData("1 2")]
    [InlineData("1 2 3 4")]
    [InlineData("1  2 3")]
    [InlineData("1 2 3 ")]
    [InlineData("1 2 .5")]
    [InlineData("1 2 5.")]
    [InlineData("1 2 -")]
    [InlineData("1 2 +3")]
    [InlineData("1 2 0.1234")]
    [InlineData("1 2 1.2.3")]
    [InlineData("1 2 99999999")]
    [InlineData("1 2 NaN")]
    public void What_is_no_draw_is_none(string text) => DrawText.TryRead(s_gaussian, text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("1 2 12")]
    [InlineData("1 2 -1")]
    [InlineData("1 2 0.5")]
    public void A_category_is_one_of_the_shape(string text) => DrawText.TryRead(s_categorical, text, out _).ShouldBeFalse();

    [Fact]
    public void A_value_is_rounded_half_to_even_and_held_within_a_million() =>
        ((double[])[0.0005, 0.0015, -1e9]).Select(DrawText.Units).ShouldBe([0, 2, -1_000_000_000]);
}
