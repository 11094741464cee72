namespace AiMe.Nano.Tests;

/// <summary>What a model shows of its inside: whole distributions and the residual stream.</summary>
public sealed class InspectTests
{
    private static readonly Model Model = Some.Model();
    private static readonly int[] Text = Some.Tokens(40);

    [Fact]
    public void A_distribution_holds_the_log_probability_of_the_token_that_stands_there()
    {
        var (rows, vocabulary) = (Model.Distributions(Text, 5), Model.Config.Vocabulary);
        var expected = Model.LogProbabilities(Text, 5);
        rows.Length.ShouldBe(expected.Length * vocabulary);
        for (var i = 0; i < expected.Length; i++)
            rows[i * vocabulary + Text[5 + i]].ShouldBe((float)expected[i]);
    }

    [Fact]
    public void The_mass_of_each_distribution_is_one()
    {
        var rows = Model.Distributions(Text, 1);
        foreach (var row in rows.Chunk(Model.Config.Vocabulary))
            row.Sum(l => Math.Exp(l)).ShouldBe(1, 1e-5);
    }

    [Fact]
    public void Without_a_position_there_is_no_distribution() => Model.Distributions(Text, Text.Length).ShouldBeEmpty();

    [Theory]
    [InlineData(0)]
    [InlineData(41)]
    public void A_start_outside_the_text_is_refused(int from) =>
        Should.Throw<ArgumentException>(() => Model.Distributions(Text, from)).Message.ShouldContain($"got {from}");

    [Fact]
    public void After_all_blocks_the_stream_gives_the_embedding_once_it_is_normed()
    {
        // One position: the mean is that of a single row, whose norm can be worked by hand.
        var stream = Model.MeanStream([3], 0, Model.Config.Layers);
        var rms = Math.Sqrt(stream.Sum(x => x * x) / stream.Length);
        var gain = Model.Weights.Tensor("model.norm.weight");
        var embedded = Model.Embed([3]);
        for (var d = 0; d < stream.Length; d++)
            embedded[d].ShouldBe((float)(stream[d] / rms * gain[d]), 1e-3f);
    }

    [Fact]
    public void The_mean_stream_is_the_mean_of_the_positions()
    {
        var whole = Model.MeanStream(Text, 10, 1);
        var sum = new double[whole.Length];
        for (var i = 10; i < Text.Length; i++)
        {
            var one = Model.MeanStream(Text.AsSpan(0, i + 1), i, 1);
            for (var d = 0; d < sum.Length; d++)
                sum[d] += one[d] / (Text.Length - 10);
        }

        for (var d = 0; d < sum.Length; d++)
            whole[d].ShouldBe(sum[d], 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_block_that_there_is_not_is_refused(int blocks) =>
        Should.Throw<ArgumentException>(() => Model.MeanStream(Text, 0, blocks)).Message.ShouldContain("[1, 2]");
}
