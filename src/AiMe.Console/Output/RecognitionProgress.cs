using AiMe.Console.Terminal;
using Spectre.Console;

namespace AiMe.Console.Output;

/// <summary>Shows on standard error how many instances are done: one line that changes, or a line for each.</summary>
internal sealed class RecognitionProgress(int all, Action<string> tell) : IProgress<long>
{
    public static Task<T> ShowAsync<T>(int all, Func<IProgress<long>, Task<T>> work) =>
        System.Console.IsErrorRedirected
            ? work(new RecognitionProgress(all, System.Console.Error.WriteLine))
            : TerminalWriter
                .Error.Status()
                .StartAsync("reading checkpoints ...", status => work(new RecognitionProgress(all, line => status.Status(line))));

    public void Report(long value) => tell($"recognition: {value} of {Lines.Count(all, "instance")}");
}
