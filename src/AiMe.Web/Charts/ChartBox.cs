namespace AiMe.Web.Charts;

/// <summary>The view box of a chart and the plot within it, in units; text of size <see cref="Text"/> is 13 units high.</summary>
public sealed record ChartBox(double Width, double Height, double Left, double Top, double Right, double Bottom)
{
    /// <summary>The width at which text is readable on a telephone and in a column of a paper.</summary>
    public const int Narrow = 460;

    /// <summary>The usual height of a chart.</summary>
    public const int Usual = 280;

    /// <summary>Size of text.</summary>
    public const double Text = 13;

    /// <summary>Size of the smaller text of ticks.</summary>
    public const double Small = 12;

    /// <summary>Distance of two lines of text.</summary>
    public const double Line = 16;
}
