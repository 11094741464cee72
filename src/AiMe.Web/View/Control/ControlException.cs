namespace AiMe.Web.View.Control;

/// <summary>A change that a page asked for cannot be made; the message says why, and what to do.</summary>
public sealed class ControlException(string message) : Exception(message);
