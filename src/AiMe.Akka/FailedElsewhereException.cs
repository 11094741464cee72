namespace AiMe.Akka;

/// <summary>An effect failed on the node that was asked to run it, and so has failed here.</summary>
/// <param name="type">Name of the type of the exception there.</param>
/// <param name="message">Its message there. Where it was thrown stands in the log of that node.</param>
internal sealed class FailedElsewhereException(string type, string message) : Exception($"{type}: {message}")
{
    /// <summary>What failed and why, in the same words wherever it did.</summary>
    public static string Tell(Exception failure) => failure is FailedElsewhereException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}";
}
