using System.Runtime.Intrinsics.X86;
using AiMe.Effects.Scanning;

namespace AiMe.Effects.Tests.Scanning;

public sealed class RowDotsTests
{
    public static TheoryData<int> Widths { get; } = [0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 256, 1000];

    [Theory, MemberData(nameof(Widths))]
    public void Every_path_gives_the_scalar_sums(int width)
    {
        var (rows, query) = Random(width, 7);
        var expected = new int[7];
        RowDots.Scalar(rows, query, expected);

        Dots(RowDots.Of).ShouldBe(expected);
        Dots(RowDots.Narrow).ShouldBe(expected);
        if (Avx2.IsSupported)
            Dots(RowDots.Wide).ShouldBe(expected);

        int[] Dots(Kernel kernel)
        {
            var dots = new int[7];
            kernel(rows, query, dots);
            return dots;
        }
    }

    [Fact]
    public void The_greatest_sums_fit()
    {
        var rows = new sbyte[RowDots.GreatestWidth];
        var query = new short[RowDots.GreatestWidth];
        Array.Fill(rows, sbyte.MinValue);
        Array.Fill(query, sbyte.MinValue);
        var dots = new int[1];
        RowDots.Of(rows, query, dots);
        dots.ShouldBe([1 << 30]);
    }

    [Fact]
    public void Rows_of_another_width_are_refused() =>
        Should
            .Throw<ArgumentException>(() => RowDots.Of(new sbyte[5], new short[2], new int[3]))
            .Message.ShouldBe("3 rows of 2 components, at most 65536, were expected, but there are 5 bytes.");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(100)]
    public void Cosines_have_the_bits_of_the_embedding(int count)
    {
        var (rows, query) = Random(24, count);
        Array.Clear(rows, 0, Math.Min(rows.Length, 24)); // the first row has no direction
        var dots = new int[count];
        RowDots.Of(rows, query, dots);
        var asked = new Faculties.Embedding([.. query.Select(q => (sbyte)q)]);
        var stored = Enumerable.Range(0, count).Select(i => new Faculties.Embedding([.. rows[(i * 24)..((i + 1) * 24)]])).ToArray();

        var relevances = new double[count];
        var scale = Cosines.Of(dots, [.. stored.Select(s => s.Norm())], asked.Norm(), relevances);

        relevances.ShouldBe(stored.Select(s => Faculties.Memory.Ranking.Relevance(s.Cosine(asked))));
        scale.ShouldBe(relevances.Aggregate(Faculties.Memory.Scale.Empty, (all, one) => all.Including(one)));
    }

    private static (sbyte[] Rows, short[] Query) Random(int width, int rows)
    {
        var random = new Random(width + rows);
        var bytes = new byte[width * (rows + 1)];
        random.NextBytes(bytes);
        return ([.. bytes[width..].Select(b => (sbyte)b)], [.. bytes[..width].Select(b => (short)(sbyte)b)]);
    }

    private delegate void Kernel(ReadOnlySpan<sbyte> rows, ReadOnlySpan<short> query, Span<int> dots);
}
