namespace AiMe.Akka;

/// <summary>Whether a life's faculties may still take what is in their mailboxes. Closed once, when the life comes to rest; its next incarnation has another.</summary>
internal sealed class Gate
{
    private volatile bool _closed;

    public bool IsClosed => _closed;

    public void Close() => _closed = true;
}
