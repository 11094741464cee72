using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using AiMe.Models.Jobs;

namespace AiMe.Models.Commands;

/// <summary>
/// A trainer that is a command of the user's own: it reads a file of chat messages and prints the name of the model that it
/// made.
/// </summary>
/// <param name="line">The program and its arguments, one by one. No shell reads them.</param>
/// <param name="root">The folder under which each submission has one of its own, named by the job's key and the attempt.</param>
/// <remarks>
/// A submission is a folder, and there is a job once it holds the file <c>taken</c>, which can be made once only: whoever
/// makes it first, the command's keeper
/// or somebody who revokes the submission, shuts the other out for ever. So a job is begun at most once whatever crashes,
/// and that none can come any more is
/// certain and not guessed. The keeper is a shell with a fixed text; it goes on when aime ends, and notes how the command ended.
/// </remarks>
public sealed class CommandJobs(IReadOnlyList<string> line, string root) : ITrainingJobs
{
    // "$@" is the user's line as it is: the shell splits and expands nothing of it. The signals of a terminal are for aime
    // and not for the command. That it
    // has begun is on the disk before it begins, so that not even a power failure makes it begin twice.
    private const string Keeper = """
        exec </dev/null >/dev/null 2>&1
        trap '' INT QUIT HUP
        here=$AIME_JOB_FOLDER
        printf '%s\n' "$$" > "$here/mine.$$" && ln "$here/mine.$$" "$here/taken" || exit 75
        rm -f "$here/mine.$$"
        sync "$here/taken" "$here" || sync
        "$@" > "$here/stdout" 2> "$here/stderr"
        printf '%s\n' "$?" > "$here/ended.new" && mv "$here/ended.new" "$here/ended"
        """;

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
        var whole = folder.Dataset + ".new";
        await File.WriteAllBytesAsync(whole, dataset.ToArray(), cancellationToken);
        File.Move(whole, folder.Dataset, overwrite: true);
        return data;
    }

    /// <inheritdoc />
    public async Task<Submission> SubmitAsync(JobOrder order, string data, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        JobFolder folder = new(root, data);
        if (OperatingSystem.IsWindows())
            return new Submission.Refused(
                "A command is kept by a POSIX shell, which this system has not: train with another backend, or under WSL.",
                ForGood: true
            );
        if (ProgramPath.Find(line[0], Environment.GetEnvironmentVariable) is null)
            return new Submission.Refused(
                $"There is no program '{line[0]}' that can be "
                    + $"run{(line[0].Contains('/', StringComparison.Ordinal) ? $" in {Environment.CurrentDirectory}" : " on the path")}: "
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
                    $"The command's keeper ended with {keeper.ExitCode} before it began: is {folder.Path} writable?",
                    ForGood: false
                );
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }

        return folder.IsRevoked ? new Submission.Unclear("The submission was revoked meanwhile.") : new Submission.Made(data);
    }

    /// <inheritdoc />
    public Task<JobSearch> FindAsync(string key, string data, CancellationToken cancellationToken)
    {
        JobFolder folder = new(root, data);
        if (!Directory.Exists(folder.Path))
            return Task.FromResult<JobSearch>(
                new JobSearch.Unknowable($"the folder {folder.Path}, which would tell, is not there: was the store moved without its jobs?")
            );
        return Task.FromResult<JobSearch>(folder.Revoke() ? new JobSearch.Absent() : new JobSearch.Found(data));
    }

    /// <inheritdoc />
    public async Task<JobLook> LookAsync(string key, string job, CancellationToken cancellationToken)
    {
        JobFolder folder = new(root, job);
        if (!File.Exists(folder.Taken))
            throw new ProviderException(
                $"The folder {folder.Path} of the job {key} is not there, so its result cannot be read: was the store "
                    + "moved without its jobs?"
            )
            {
                ForGood = true,
            };
        // First whether it lives, then whether it ended: in the other order it could end in between.
        var instances = folder.Instances();
        if (!File.Exists(folder.Ended))
            return instances
                ? new JobLook.UnderWay()
                : new JobLook.JobEnded(
                    "the command was begun and is gone without a result (killed, or the machine went down). It is not "
                        + $"begun again; its traces are in {folder.Path}"
                );
        var code = (await File.ReadAllTextAsync(folder.Ended, cancellationToken)).Trim();
        if (code != "0")
            return new JobLook.JobEnded($"the command ended with {code}{await folder.TailAsync(cancellationToken)}");
        return await folder.ModelAsync(cancellationToken) is { } model
            ? new JobLook.Done(model, Tokens: null)
            : new JobLook.JobEnded(
                $"the command ended well, but the last line of its standard output is no name of a model (see {folder.Said})"
            );
    }

    private ProcessStartInfo Start(JobOrder order, JobFolder folder)
    {
        // In a session of its own, where the system has setsid: what ends aime's whole process group does not reach it.
        string[] keeper = ["/bin/sh", "-c", Keeper, "aime-job", .. line];
        string[] all = ProgramPath.Find("setsid", Environment.GetEnvironmentVariable) is { } session ? [session, .. keeper] : keeper;
        ProcessStartInfo start = new(all[0], all[1..]) { UseShellExecute = false };
        foreach (var (name, value) in Told(order, folder))
            start.Environment[name] = value;
        return start;
    }

    private static IEnumerable<(string Name, string Value)> Told(JobOrder order, JobFolder folder) =>
        [
            ("AIME_JOB_KEY", order.Key),
            ("AIME_DATASET", folder.Dataset),
            ("AIME_BASE_MODEL", order.Model),
            ("AIME_OUTPUT", folder.Output),
            ("AIME_EPOCHS", order.Epochs.ToString(CultureInfo.InvariantCulture)),
            ("AIME_LEARNING_RATE", order.LearningRate.ToString("R", CultureInfo.InvariantCulture)),
            ("AIME_SEED", order.Seed.ToString(CultureInfo.InvariantCulture)),
            ("AIME_RUN", order.Run),
            ("AIME_INSTANCE", order.Instance),
            ("AIME_ROUND", order.Round.ToString(CultureInfo.InvariantCulture)),
            ("AIME_JOB_FOLDER", folder.Path),
        ];
}
