using System.Diagnostics;
using System.Reflection;
using System.Threading.Channels;

namespace AiMe.Console.Tests.Runs;

/// <summary>Exit code and output of a process that has ended.</summary>
/// <param name="Lines">Of standard output, without the empty end.</param>
public sealed record Left(int Code, string Output, string Errors)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>This result, or a failure of the test if the exit code is not 0.</summary>
    public Left Well()
    {
        Code.ShouldBe(0, Errors + Output);
        return this;
    }
}

/// <summary>A real <c>aime</c> process.</summary>
public sealed class Aime : IDisposable
{
    // Nothing here takes a minute; a process that hangs must fail a test, not the whole build.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly CancellationTokenSource _patience = new(Patience);
    private readonly Process _process;
    private readonly Channel<string> _errors = Channel.CreateUnbounded<string>();
    private readonly string[] _arguments;
    private readonly Task<string> _output;
    private readonly Task<string> _allErrors;

    private Aime(ProcessStartInfo start, bool listens, string[] arguments)
    {
        _arguments = arguments;
        _process = Process.Start(start)!;
        if (!listens)
            _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _allErrors = ReadErrorsAsync();
    }

    /// <summary>Checks the result of every command, given its arguments; null if nothing is checked.</summary>
    public static Action<string[], Left>? Ended { get; set; }

    /// <summary>
    /// Runs a command in this process, given its directory, arguments, variables and longest time; null if every command is
    /// a process.
    /// </summary>
    public static Func<string, string[], string[], TimeSpan, Task<Left>>? Caller { get; set; }

    /// <summary>Variables that the product reads; a test gives them or they are not set.</summary>
    public static IReadOnlyList<string> OwnVariables { get; } =
    ["AIME_STORE", "AIME_BLOBS", "AIME_STORE_PATIENCE", "AIME_NODE", "AIME_JOIN", "AIME_DISCOVERY", "AIME_ROLE"];

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Starts it in a directory, with variables such as <c>DOTNET_EnableAVX512=0</c>.</summary>
    public static Aime Start(string directory, string[] arguments, params string[] environment) =>
        Start(directory, arguments, listens: false, environment);

    /// <summary>Starts it with an open standard input, for <see cref="Say"/>.</summary>
    public static Aime Listen(string directory, string[] arguments, params string[] environment) =>
        Start(directory, arguments, listens: true, environment);

    /// <summary>Starts it in a network namespace.</summary>
    public static Aime StartIn(string networkNamespace, string directory, string[] arguments) =>
        Start(directory, arguments, listens: false, [], ["ip", "netns", "exec", networkNamespace]);

    /// <summary>Starts it under a program that runs the rest of its command line, such as <c>unshare</c>.</summary>
    public static Aime StartUnder(string[] program, string directory, string[] arguments, params string[] environment) =>
        Start(directory, arguments, listens: false, environment, program);

    private static Aime Start(string directory, string[] arguments, bool listens, string[] environment, string[]? under = null)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var aime = Path.GetFullPath(
            typeof(Aime).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "aime").Value!
        );
        // A test run that a script put in the background hands an ignored SIGINT down; env gives it back its meaning.
        string[] line = OperatingSystem.IsLinux()
            ? ["env", "--default-signal=INT", dotnet, aime, .. arguments]
            : [dotnet, aime, .. arguments];
        line = [.. under ?? [], .. line];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            StandardInputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var own in OwnVariables)
            start.Environment.Remove(own);
        foreach (var variable in environment)
            start.Environment[variable.Split('=', 2)[0]] = variable.Split('=', 2)[1];
        return new Aime(start, listens, arguments);
    }

    /// <summary>Runs it to its end: as a process, or by <see cref="Caller"/> if that makes no difference to the command.</summary>
    public static async Task<Left> RunAsync(string directory, string[] arguments, params string[] environment)
    {
        if (Caller is not { } call || IsOfProcess(arguments) || environment.Any(IsOfRuntime))
            return await RunProcessAsync(directory, arguments, environment);
        var left = await call(directory, arguments, environment, Patience);
        Ended?.Invoke(arguments, left);
        return left;
    }

    /// <summary>Runs a process to its end.</summary>
    public static async Task<Left> RunProcessAsync(string directory, string[] arguments, params string[] environment)
    {
        using var aime = Start(directory, arguments, environment);
        return await aime.EndAsync();
    }

    /// <summary>Waits for a line on standard error that contains a text.</summary>
    public async Task<string> LineAsync(string part)
    {
        await foreach (var line in _errors.Reader.ReadAllAsync(_patience.Token))
        {
            if (line.Contains(part, StringComparison.Ordinal))
                return line;
        }

        throw new InvalidOperationException($"no line with '{part}' in:\n{await _allErrors}");
    }

    /// <summary>Writes lines to its standard input.</summary>
    public void Say(params string[] lines)
    {
        foreach (var line in lines)
            _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Says that nothing more comes, and waits for its end.</summary>
    public Task<Left> HangUpAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has left without listening to the end: what it said then counts.
        }

        return EndAsync();
    }

    /// <summary>SIGTERM.</summary>
    public void Terminate() => Process.Start("sh", ["-c", $"kill -TERM {Id}"]).WaitForExit();

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGINT, as Ctrl-C sends it.</summary>
    public void Interrupt() => Process.Start("sh", ["-c", $"kill -INT {Id}"]).WaitForExit();

    public async Task<Left> EndAsync()
    {
        await _process.WaitForExitAsync(_patience.Token);
        Left left = new(_process.ExitCode, await _output, await _allErrors);
        Ended?.Invoke(_arguments, left);
        return left;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        _patience.Dispose();
    }

    // They read or write the process's own streams, or are tried as processes of their own.
    private static bool IsOfProcess(string[] arguments) =>
        arguments is ["console" or "simulate", ..]
        || arguments is ["export", ..] or ["probes", "import", ..] && !arguments.Contains("--out") && !arguments.Contains("-o");

    // The runtime reads its own when it starts.
    private static bool IsOfRuntime(string variable) => !variable.StartsWith("AIME_", StringComparison.Ordinal);

    private async Task<string> ReadErrorsAsync()
    {
        List<string> lines = [];
        while (await _process.StandardError.ReadLineAsync(CancellationToken.None) is { } line)
        {
            lines.Add(line);
            _errors.Writer.TryWrite(line);
        }

        _errors.Writer.Complete();
        return string.Join('\n', lines);
    }
}
