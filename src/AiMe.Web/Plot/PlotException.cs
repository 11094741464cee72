namespace AiMe.Web.Plot;

/// <summary>A figure cannot be drawn, for a reason that the user can remove.</summary>
public sealed class PlotException(string message) : Exception(message);
