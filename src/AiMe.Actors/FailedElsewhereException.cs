namespace AiMe.Actors;

/// <summary>An effect failed on the node that ran it for this one.</summary>
/// <param name="type">Name of the exception's type there.</param>
/// <param name="message">Its message there. The log of that node says where it was thrown.</param>
internal sealed class FailedElsewhereException(string type, string message) : Exception($"{type}: {message}")
{
    /// <summary>What failed and why, in the same words on every node.</summary>
    public static string Describe(Exception failure) =>
        failure is FailedElsewhereException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}";
}
