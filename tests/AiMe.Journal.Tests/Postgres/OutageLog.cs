using System.Collections.Concurrent;

namespace AiMe.Journal.Tests.Postgres;

/// <summary>What was told of outages, in order.</summary>
internal sealed class OutageLog : IOutageListener
{
    private readonly ConcurrentQueue<string> _told = [];

    public string[] Told => [.. _told];

    public string Reason { get; private set; } = "";

    public void Away(string place, string reason, TimeSpan patience)
    {
        Reason = reason;
        _told.Enqueue($"away {place}");
    }

    public void Back(string place, TimeSpan after) => _told.Enqueue($"back {place}");
}
