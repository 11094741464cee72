namespace AiMe.Journal;

/// <summary>The store cannot be opened, read or written: an outside failure. The message names the path and says what to do.</summary>
public sealed class JournalException(string message, Exception? inner = null) : Exception(message, inner);
