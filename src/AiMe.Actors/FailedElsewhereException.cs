namespace AiMe.Actors;

/// <summary>An effect failed on another node that ran it for this one.</summary>
/// <param name="type">Name of the exception's type there.</param>
/// <param name="message">The exception's message. The log of that node has the stack trace.</param>
internal sealed class FailedElsewhereException(string type, string message) : Exception($"{type}: {message}")
{
    /// <summary>The failure's type and message, worded the same on every node.</summary>
    public static string Describe(Exception failure) =>
        failure is FailedElsewhereException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}";
}
