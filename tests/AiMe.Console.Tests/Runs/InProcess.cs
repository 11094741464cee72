using System.Reflection;
using System.Runtime.CompilerServices;

namespace AiMe.Console.Tests.Runs;

/// <summary>
/// Calls <c>aime</c>'s entry point in the process of the tests. A process takes half a second of processor time before it
/// does anything, and the tests need hundreds. With <c>AIME_TESTS=processes</c> every command is a process. Tests whose point is
/// a process start one in any case.
/// </summary>
internal static class InProcess
{
    // One call at a time: the working directory, the variables and the console belong to the process.
    private static readonly SemaphoreSlim s_gate = new(1, 1);
    private static readonly StringWriter s_output = new();
    private static readonly StringWriter s_errors = new();
    private static readonly bool s_asProcesses = Environment.GetEnvironmentVariable("AIME_TESTS") == "processes";
    private static TextWriter? s_writer;

    // Before any test: the product keeps the writer of standard output that it finds at first.
    [ModuleInitializer]
    internal static void Register()
    {
        // To a terminal the product writes otherwise, and a writer that is replaced does not make it anything else.
        if (s_asProcesses || !System.Console.IsOutputRedirected || !System.Console.IsErrorRedirected)
            return;
        foreach (var variable in Aime.OwnVariables)
            Environment.SetEnvironmentVariable(variable, null);
        System.Console.SetOut(s_output);
        s_writer = System.Console.Out;
        System.Console.SetError(s_errors);
        System.Console.SetIn(TextReader.Null);
        Aime.Caller = CallAsync;
    }

    private static async Task<Left> CallAsync(string directory, string[] arguments, string[] environment, TimeSpan patience)
    {
        await s_gate.WaitAsync(CancellationToken.None);
        var before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = directory;
            foreach (var variable in environment)
                Environment.SetEnvironmentVariable(variable.Split('=', 2)[0], variable.Split('=', 2)[1]);
            System.Console.SetOut(s_writer!); // a command that hosts instances keeps standard output for itself
            s_output.GetStringBuilder().Clear();
            s_errors.GetStringBuilder().Clear();
            var code = await Task.Run(() => Enter(arguments), CancellationToken.None).WaitAsync(patience);
            return new Left(code, s_output.ToString(), WithoutEnd(s_errors.ToString()));
        }
        finally
        {
            foreach (var variable in environment)
                Environment.SetEnvironmentVariable(variable.Split('=', 2)[0], null);
            Environment.CurrentDirectory = before;
            s_gate.Release();
        }
    }

    // The errors of a process are its lines, joined.
    private static string WithoutEnd(string lines) => lines.EndsWith('\n') ? lines[..^1] : lines;

    private static int Enter(string[] arguments) =>
        (int)
            typeof(CommandLine).Assembly.EntryPoint!.Invoke(
                null,
                BindingFlags.DoNotWrapExceptions,
                binder: null,
                [arguments],
                culture: null
            )!;
}
