using AiMe.Web.Charts;

namespace AiMe.Web.Tests.Charts;

/// <summary>Labels beside the ends of ways.</summary>
public sealed class LabelPlacesTests
{
    private static readonly ChartBox Box = new(460, 360, 60, 16, 444, 316);

    [Fact]
    public void A_label_with_room_stands_on_the_right_of_its_point() =>
        LabelPlaces.Of([(100, 100, 40)], [(100, 100, 7)], Box).ShouldBe([new LabelPlace(110, 104, IsEnd: false)]);

    [Fact]
    public void At_the_edge_it_stands_on_the_left() =>
        LabelPlaces.Of([(430, 100, 40)], [(430, 100, 7)], Box).ShouldBe([new LabelPlace(420, 104, IsEnd: true)]);

    [Fact]
    public void A_label_covers_no_marker_of_another_way()
    {
        var place = LabelPlaces.Of([(100, 100, 40)], [(100, 100, 7), (125, 100, 7), (75, 100, 7)], Box)[0];
        (place.Y - 10 >= 107 || place.Y + 4 <= 93).ShouldBeTrue($"it is above or below the markers, at {place.Y}");
    }

    [Fact]
    public void Labels_of_one_place_do_not_cover_each_other()
    {
        var places = LabelPlaces.Of([.. Enumerable.Repeat((250.0, 150.0, 60.0), 5)], [(250, 150, 7)], Box);
        foreach (var (i, a) in places.Index())
        foreach (var b in places.Skip(i + 1))
            (Math.Abs(a.Y - b.Y) >= 14 || Math.Abs(Left(a) - Left(b)) >= 60).ShouldBeTrue($"{a} and {b}");

        static double Left(LabelPlace place) => place.IsEnd ? place.X - 60 : place.X;
    }
}
