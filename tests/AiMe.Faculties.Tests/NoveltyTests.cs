using System.Collections.Immutable;
using AiMe.Faculties.Curation;

namespace AiMe.Faculties.Tests;

/// <summary>Novelty by hand, in the plane.</summary>
public sealed class NoveltyTests
{
    private static readonly Embedding East = new([3, 4]),
        West = new([-3, -4]),
        North = new([-4, 3]),
        Nowhere = Embedding.Undirected(2);

    [Fact]
    public void A_repetition_is_not_novel() => Of(East, North, East, West).ShouldBe(0);

    [Fact]
    public void The_nearest_one_decides()
    {
        Of(East, West, North).ShouldBe(1);
        Of(East, West).ShouldBe(2);
        Of(new([1, 0]), new([0, 1]), new([3, 4])).ShouldBe(0.4, 1e-15);
    }

    [Fact]
    public void Novelty_without_anything_earlier_is_undefined() => Of(East).ShouldBe(double.NaN);

    [Fact]
    public void An_earlier_embedding_without_direction_is_passed_over()
    {
        Of(East, Nowhere, North).ShouldBe(1);
        Of(East, North, Nowhere).ShouldBe(1);
        Of(East, Nowhere).ShouldBe(double.NaN);
    }

    [Fact]
    public void An_answer_without_direction_has_no_novelty() => Of(Nowhere, East).ShouldBe(double.NaN);

    [Fact]
    public void Embeddings_of_two_lengths_are_refused() =>
        Should.Throw<ArgumentException>(() => Of(East, new Embedding([1]))).Message.ShouldContain("1 and 2");

    private static double Of(Embedding answer, params ImmutableArray<Embedding> earlier) => Novelty.Of(answer, earlier, e => e);
}
