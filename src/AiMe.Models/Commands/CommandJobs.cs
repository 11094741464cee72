using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using AiMe.Models.Jobs;

namespace AiMe.Models.Commands;

/// <summary>
/// A trainer that is a command of the user: it reads a file of chat messages and prints the name of the model that it
/// made.
/// </summary>
/// <param name="line">The program and its arguments, as a list. No shell parses them.</param>
/// <param name="root">
/// The folder that has a subfolder for each submission, named by the job's key and the attempt.
/// </param>
/// <remarks>
/// A submission is a folder, and a job exists once it holds the file <c>taken</c>, which can be created only once:
/// either the keeper creates it, or a process that revokes the submission, and the other is locked out permanently. So
/// a job is started at most once despite any crash, and it is certain when no job can follow any more. The keeper is a
/// shell with a constant script; it outlives aime, and records how the command ended.
/// </remarks>
public sealed class CommandJobs(IReadOnlyList<string> line, string root) : ITrainingJobs
{
    // "$@" is the user's command line unchanged: the shell neither splits nor expands it. Signals of a terminal go to
    // aime and not to the command. The start is recorded on disk before the command starts, so that not even a power
    // failure can start it twice.
    private const string Keeper = """
        exec </dev/null >/dev/null 2>&1
        trap '' INT QUIT HUP
        here=$AIME_JOB_FOLDER
        printf '%s\n' "$$" > "$here/mine.$$" && ln "$here/mine.$$" "$here/taken" || { rm -f "$here/mine.$$"; exit 75; }
        rm -f "$here/mine.$$"
        sync "$here/taken" "$here" || sync
        "$@" > "$here/stdout" 2> "$here/stderr"
        printf '%s\n' "$?" > "$here/ended.new" && mv "$here/ended.new" "$here/ended"
        """;

    // A command gets one of them.
    private static readonly string[] Lengths = ["AIME_EPOCHS", "AIME_STEPS", "AIME_EXAMPLES", "AIME_TOKENS"];

    /// <inheritdoc />
    public async Task<string> PrepareAsync(
        JobOrder order,
        int attempt,
        string held,
        ReadOnlyMemory<byte> dataset,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(order);
        if (held.Length > 0 && !File.Exists(new JobFolder(root, held).Taken))
            return held;
        var data = string.Create(CultureInfo.InvariantCulture, $"{order.Key}/{attempt}");
        JobFolder folder = new(root, data);
        Directory.CreateDirectory(folder.Output);
        await AtomicFiles.WriteFileAsync(folder.Dataset, dataset, cancellationToken);
        return data;
    }

    /// <inheritdoc />
    public async Task<Submission> SubmitAsync(JobOrder order, string data, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        JobFolder folder = new(root, data);
        if (OperatingSystem.IsWindows())
            return new Submission.Refused(
                "A command needs a POSIX shell, which this system does not have: use another backend, or WSL.",
                ForGood: true
            );
        if (ProgramPath.Find(line[0], Environment.GetEnvironmentVariable) is null)
            return new Submission.Refused(
                $"No executable program '{line[0]}' was "
                    + $"found{(line[0].Contains('/', StringComparison.Ordinal) ? $" in {Environment.CurrentDirectory}" : " on the path")}: "
                    + "check train.command.",
                ForGood: true
            );
        using var keeper = new Process { StartInfo = Start(order, folder) };
        try
        {
            keeper.Start();
        }
        catch (Win32Exception e)
        {
            return new Submission.Refused($"The command '{line[0]}' cannot be started: {e.Message}.", ForGood: false);
        }

        while (!File.Exists(folder.Taken))
        {
            if (keeper.HasExited && !File.Exists(folder.Taken))
                return new Submission.Refused(
                    $"The command's keeper ended with {keeper.ExitCode} before the command started: is {folder.Path} writable?",
                    ForGood: false
                );
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }

        if (!folder.IsRevoked)
            return new Submission.Made(data);
        // The keeper finds the folder taken and ends by itself. Nothing writes into the folder of a revoked submission
        // after this method returned.
        await keeper.WaitForExitAsync(cancellationToken);
        return new Submission.Unclear("The submission was revoked meanwhile.");
    }

    /// <inheritdoc />
    public Task<JobSearch> FindAsync(string key, string data, CancellationToken cancellationToken)
    {
        JobFolder folder = new(root, data);
        if (!Directory.Exists(folder.Path))
            return Task.FromResult<JobSearch>(
                new JobSearch.Unknowable($"the folder {folder.Path} of the submission is missing: was the store moved without its jobs?")
            );
        return Task.FromResult<JobSearch>(folder.Revoke() ? new JobSearch.Absent() : new JobSearch.Found(data));
    }

    /// <inheritdoc />
    public async Task<JobLook> LookAsync(string key, string job, CancellationToken cancellationToken)
    {
        JobFolder folder = new(root, job);
        if (!File.Exists(folder.Taken))
            throw new ProviderException(
                $"The folder {folder.Path} of the job {key} is missing, so its result cannot be read: was the store "
                    + "moved without its jobs?"
            )
            {
                ForGood = true,
            };
        // First whether it is running, then whether it ended: in the other order it could end in between.
        var isRunning = folder.IsRunning();
        if (!File.Exists(folder.Ended))
            return isRunning
                ? new JobLook.UnderWay()
                : new JobLook.JobEnded(
                    "the command was started and ended without a result (killed, or the machine stopped). It is not "
                        + $"started again; its files are in {folder.Path}"
                );
        var code = (await File.ReadAllTextAsync(folder.Ended, cancellationToken)).Trim();
        if (code != "0")
            return new JobLook.JobEnded($"the command ended with {code}{await folder.TailAsync(cancellationToken)}");
        return await folder.ModelAsync(cancellationToken) is { } model
            ? new JobLook.Done(model, Tokens: null)
            : new JobLook.JobEnded(
                $"the command succeeded, but the last line of its standard output is not a model name (see {folder.Said})"
            );
    }

    private ProcessStartInfo Start(JobOrder order, JobFolder folder)
    {
        // In a separate session if the system has setsid, so that signals to aime's process group do not reach it.
        string[] keeper = ["/bin/sh", "-c", Keeper, "aime-job", .. line];
        string[] all = ProgramPath.Find("setsid", Environment.GetEnvironmentVariable) is { } session ? [session, .. keeper] : keeper;
        ProcessStartInfo start = new(all[0], all[1..]) { UseShellExecute = false };
        foreach (var name in Lengths)
            start.Environment.Remove(name); // one that aime was started with is not this job's
        foreach (var (name, value) in Told(order, folder))
            start.Environment[name] = value;
        return start;
    }

    private static string LengthOf(JobOrder order) =>
        order.Length?.Unit switch
        {
            null => "AIME_EPOCHS",
            LengthUnit.Steps => "AIME_STEPS",
            LengthUnit.Examples => "AIME_EXAMPLES",
            LengthUnit.Tokens => "AIME_TOKENS",
            _ => throw new UnreachableException(),
        };

    private static IEnumerable<(string Name, string Value)> Told(JobOrder order, JobFolder folder) =>
        [
            ("AIME_JOB_KEY", order.Key),
            ("AIME_DATASET", folder.Dataset),
            ("AIME_BASE_MODEL", order.Model),
            ("AIME_OUTPUT", folder.Output),
            (LengthOf(order), (order.Length?.Amount ?? order.Epochs).ToString(CultureInfo.InvariantCulture)),
            ("AIME_LEARNING_RATE", order.LearningRate.ToString("R", CultureInfo.InvariantCulture)),
            ("AIME_SEED", order.Seed.ToString(CultureInfo.InvariantCulture)),
            ("AIME_RUN", order.Run),
            ("AIME_INSTANCE", order.Instance),
            ("AIME_ROUND", order.Round.ToString(CultureInfo.InvariantCulture)),
            ("AIME_JOB_FOLDER", folder.Path),
        ];
}
