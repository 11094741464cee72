using System.Text.Json;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Lab.Tests.Analysis.Comparison;

public sealed class CompareJsonTests
{
    private static readonly JsonElement Json = JsonDocument.Parse(CompareJson.Write(Lives.Compare([0.1, 1 / 7.0], [0.2, 0.3]))).RootElement;

    [Fact]
    public void What_is_undefined_is_null_and_its_key_is_there() =>
        Json.GetProperty("variants")[0]
            .GetProperty("measures")
            .GetProperty("coherence")
            .GetProperty("mean")
            .ValueKind.ShouldBe(JsonValueKind.Null);

    [Fact]
    public void Every_digit_is_there() =>
        Json.GetProperty("lives")[3].GetProperty("generations")[2].GetProperty("bareDrift").GetDouble().ShouldBe(1 / 7.0);

    [Fact]
    public void Every_measure_stands_in_every_variant() =>
        Json.GetProperty("variants")
            .EnumerateArray()
            .ShouldAllBe(v =>
                v.GetProperty("measures").EnumerateObject().Select(m => m.Name).SequenceEqual(Measure.All.Select(m => m.Key))
            );

    [Fact]
    public void A_measure_that_could_not_change_is_marked() =>
        Json.GetProperty("variants")[2].GetProperty("measures").GetProperty("bareDrift").GetProperty("fixed").GetBoolean().ShouldBeTrue();

    [Fact]
    public void It_is_one_line() => CompareJson.Write(Lives.Compare([0.1], [0.2])).ShouldNotContain((byte)'\n');
}
