namespace AiMe.Bench.Nano;

/// <summary>The same work on so many threads of its own, which begin together.</summary>
internal static class InParallel
{
    public static void Run(int threads, Action<int> work)
    {
        if (threads == 1)
        {
            work(0);
            return;
        }

        using var gate = new Barrier(threads);
        var all = Enumerable
            .Range(0, threads)
            .Select(t => new Thread(() =>
            {
                gate.SignalAndWait();
                work(t);
            }))
            .ToArray();
        foreach (var thread in all)
            thread.Start();
        foreach (var thread in all)
            thread.Join();
    }
}
