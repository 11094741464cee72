using System.Collections.Immutable;
using System.Text.Json;
using System.Threading.Channels;
using AiMe.Serve.Http;

namespace AiMe.Serve.Jobs;

/// <summary>The fine-tuning jobs: a folder for each, with its data; each state reaches the disk before it is shown.</summary>
internal sealed class JobShelf
{
    private const string About = "job.json",
        Data = "data.jsonl";
    private readonly string _directory;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Channel<string> _waiting = Channel.CreateUnbounded<string>();
    private ImmutableSortedDictionary<long, TuningJob> _jobs;

    private JobShelf(string directory, IEnumerable<TuningJob> jobs)
    {
        _directory = directory;
        _jobs = jobs.ToImmutableSortedDictionary(j => j.Sequence, j => j);
        foreach (var job in _jobs.Values.Where(j => !j.IsEnded()))
            _waiting.Writer.TryWrite(job.Id);
    }

    /// <summary>Every job, the newest first.</summary>
    public IEnumerable<TuningJob> All => _jobs.Values.Reverse();

    /// <summary>Ids of jobs that are to be trained, in their order; of those that a stop interrupted first.</summary>
    public ChannelReader<string> Waiting => _waiting.Reader;

    /// <summary>Opens the folder of a server, and removes what was not completed.</summary>
    /// <exception cref="IOException">It cannot be read, or one of its files is damaged.</exception>
    public static JobShelf Open(string directory)
    {
        Directory.CreateDirectory(directory);
        List<TuningJob> jobs = [];
        foreach (var folder in Directory.GetDirectories(directory))
        {
            if (folder.Contains(AtomicFiles.Mark, StringComparison.Ordinal))
                AtomicFiles.RemoveFolder(folder);
            else
                jobs.Add(ServeJson.Read(Path.Combine(folder, About), ServeJson.Default.TuningJob));
        }

        return new JobShelf(directory, jobs);
    }

    /// <summary>Keeps a new job.</summary>
    public async Task<TuningJob> AddAsync(TuningOrder order, byte[] data, long at, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var id = RandomId.New("ftjob-");
            var job = new TuningJob(
                id,
                _jobs.IsEmpty ? 1 : _jobs.Keys.Max() + 1,
                at,
                order,
                TuningStatus.ValidatingFiles,
                [new(at, "info", $"Created fine-tuning job: {id}"), new(at, "info", $"Validating training file: {order.TrainingFile}")]
            );
            var folder = Path.Combine(_directory, id);
            var temporary = await AtomicFiles.WriteFolderAsync(folder, [(Data, data), (About, Bytes(job))], cancellationToken);
            Directory.Move(temporary, folder);
            _jobs = _jobs.Add(job.Sequence, job);
            _waiting.Writer.TryWrite(id);
            return job;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Changes a job on disk, then in memory.</summary>
    /// <param name="change">Null leaves it as it is.</param>
    /// <returns>The job afterwards.</returns>
    public async Task<TuningJob> ChangeAsync(string id, Func<TuningJob, TuningJob?> change, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var before = Need(id);
            if (change(before) is not { } after)
                return before;
            await AtomicFiles.WriteFileAsync(Path.Combine(_directory, id, About), Bytes(after), cancellationToken);
            _jobs = _jobs.SetItem(after.Sequence, after);
            return after;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>A job by id.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public TuningJob Need(string id) =>
        _jobs.Values.FirstOrDefault(j => j.Id == id)
        ?? throw ApiException.NotFound($"Could not find fine tune: {id}", "fine_tuning_job_id", "fine_tune_not_found");

    /// <summary>The training data of a job.</summary>
    public Task<byte[]> DataAsync(TuningJob job, CancellationToken cancellationToken) =>
        File.ReadAllBytesAsync(Path.Combine(_directory, job.Id, Data), cancellationToken);

    private static byte[] Bytes(TuningJob job) => JsonSerializer.SerializeToUtf8Bytes(job, ServeJson.Default.TuningJob);
}
