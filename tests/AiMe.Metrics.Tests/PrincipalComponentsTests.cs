using AiMe.Metrics.Statistics;

namespace AiMe.Metrics.Tests;

public sealed class PrincipalComponentsTests
{
    private static readonly double[] Origin = [0, 0, 0];

    [Fact]
    public void The_first_axis_is_the_direction_of_the_greatest_spread_about_the_origin()
    {
        var found = PrincipalComponents.Of(
            [
                [3, 0, 0],
                [-3, 0, 0],
                [0, 1, 0],
            ],
            Origin,
            2,
            [1, 1, 0]
        );
        found.Axes[0].Select(v => Math.Round(v, 9)).ShouldBe([1, 0, 0]);
        found.Shares[0].ShouldBe(18.0 / 19, 1e-12);
        found.Shares[1].ShouldBe(1.0 / 19, 1e-12);
    }

    [Fact]
    public void The_origin_is_the_given_one_and_not_the_mean_of_the_rows()
    {
        var found = PrincipalComponents.Of(
            [
                [1, 2, 0],
                [1, 2, 0],
            ],
            Origin,
            2,
            [1, 0, 0]
        );
        found.Axes.ShouldHaveSingleItem();
        found.Project([1, 2, 0])[0].ShouldBe(Math.Sqrt(5), 1e-12);
    }

    [Fact]
    public void The_sign_follows_the_given_direction()
    {
        double[][] rows =
        [
            [1, 1, 0],
            [2, 2, 0],
        ];
        PrincipalComponents.Of(rows, Origin, 1, [-1, 0, 0]).Axes[0][0].ShouldBeLessThan(0);
        PrincipalComponents.Of(rows, Origin, 1, [1, 0, 0]).Axes[0][0].ShouldBeGreaterThan(0);
        PrincipalComponents.Of(rows, Origin, 1, [0, 0, 1]).Axes[0].MaxBy(Math.Abs).ShouldBeGreaterThan(0, "no side is given");
    }

    [Fact]
    public void Many_rows_of_few_values_and_few_rows_of_many_give_the_same_axes()
    {
        var random = new Random(7);
        double[][] few = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 5).Select(_ => random.NextDouble()).ToArray())];
        var origin = new double[5];
        double[] up = [1, 0, 0, 0, 0];
        double[][] padded = [.. few, .. Enumerable.Range(0, 4).Select(_ => new double[5])];
        var (narrow, wide) = (PrincipalComponents.Of(few, origin, 2, up), PrincipalComponents.Of(padded, origin, 2, up));
        for (var axis = 0; axis < 2; axis++)
            wide.Axes[axis].Zip(narrow.Axes[axis], (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-9);
    }

    [Fact]
    public void Rows_at_the_origin_have_no_axes() =>
        PrincipalComponents
            .Of(
                [
                    [0, 0, 0],
                ],
                Origin,
                2,
                [1, 0, 0]
            )
            .Axes.ShouldBeEmpty();

    [Fact]
    public void Rows_of_another_shape_are_refused() =>
        Should.Throw<ArgumentException>(() =>
            PrincipalComponents.Of(
                [
                    [1, 2],
                ],
                Origin,
                1,
                [1, 0, 0]
            )
        );
}
