using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.History.Replay;
using AiMe.Lab.Verification;

namespace AiMe.Lab.Runs.InstanceFiles;

/// <summary>The result of an export.</summary>
/// <param name="Bytes">Size of the file.</param>
/// <param name="BlobBytes">Bytes of blobs, before base64.</param>
public sealed record InstanceExported(int Instances, long Rows, int Blobs, long BlobBytes, long Bytes);

/// <summary>
/// Writes instances of a run to a self-contained file. Everything is read and checked before the first byte is written.
/// </summary>
public static class InstanceExport
{
    private const int Attempts = 5;

    /// <summary>
    /// The survey of the streams, which fixes the last row of each, so that the file has only checked rows.
    /// </summary>
    private sealed record ExportSurvey(
        ImmutableArray<(PersistenceId Stream, StreamState End)> Supervisors,
        ImmutableArray<(string Instance, InstanceStates End)> Instances,
        RunPlan Plan,
        BlobReferences Blobs
    );

    /// <summary>Writes the file.</summary>
    /// <param name="instances">
    /// Names of the instances; empty for all of the run. The run's supervisor is always included as a whole: it has the
    /// plan and where each instance ended.
    /// </param>
    /// <param name="weights">
    /// Whether the models' weights are included. Without them a restored instance can be read and compared, but resumed
    /// only where the weights are.
    /// </param>
    /// <exception cref="CorruptJournalException">
    /// A row cannot be read, is missing, or does not continue its chain; nothing was written.
    /// </exception>
    /// <exception cref="CorruptBlobException">A blob is missing or altered.</exception>
    /// <exception cref="JournalException">The run is being written faster than it is read.</exception>
    public static async Task<InstanceExported> WriteAsync(
        IJournal journal,
        IBlobs blobs,
        SupervisorState run,
        ImmutableArray<string> instances,
        bool weights,
        Stream output,
        CancellationToken cancellationToken
    )
    {
        var survey = await SurveyAsync(journal, run.Plan!.Run, instances, cancellationToken);
        var digests = survey.Blobs.All.Select(b => b.Sha256).Where(id => weights || !survey.Blobs.AreWeights(id)).ToImmutableArray();
        var blobBytes = 0L;
        foreach (var id in digests)
            blobBytes += (await blobs.GetAsync(new BlobId(id), cancellationToken)).Length;

        var target = new HashingWriter(output);
        await target.WriteAsync(new InstanceFileLine.Head(HeadOf(run, survey, digests.Length, blobBytes, weights)), cancellationToken);
        foreach (var id in digests)
            await target.WriteAsync(
                new InstanceFileLine.Blob(id, await blobs.GetAsync(new BlobId(id), cancellationToken)),
                cancellationToken
            );
        foreach (var (instance, end) in survey.Instances)
        {
            await foreach (
                var row in InstanceRows.ReadAsync(
                    journal,
                    run.Plan.Run,
                    instance,
                    [.. end.Streams.Select(s => s.SequenceNumber)],
                    cancellationToken
                )
            )
                await target.WriteAsync(Line(row), cancellationToken);
        }

        // After the instances: a run exists once its supervisor does, and must be complete by then.
        foreach (var (stream, end) in survey.Supervisors)
        {
            await foreach (var row in journal.ReadAsync(stream, 1, end.SequenceNumber, cancellationToken))
                await target.WriteAsync(Line(row), cancellationToken);
        }

        var bytes = await target.EndAsync(digests.Length, cancellationToken);
        return new InstanceExported(survey.Instances.Length, target.Rows, digests.Length, blobBytes, bytes);
    }

    private static InstanceFileHead HeadOf(SupervisorState run, ExportSurvey survey, int blobs, long blobBytes, bool weights)
    {
        using var plan = JsonDocument.Parse(FacultyEvents.Codec.Write(new RunPlanned(survey.Plan)));
        return new InstanceFileHead(
            InstanceFile.Format,
            InstanceFile.Version,
            survey.Plan.Run,
            run.Digest,
            [
                .. survey.Instances.Select(l => new InstanceFileEntry(
                    l.Instance,
                    l.End.Streams.Sum(s => s.SequenceNumber),
                    l.End.Heads,
                    l.End.Heads.Digest()
                )),
            ],
            [.. survey.Supervisors.Select(s => new InstanceFileSupervisor(s.Stream.Value, s.End.SequenceNumber, s.End.Head))],
            survey.Instances.Sum(l => l.End.Streams.Sum(s => s.SequenceNumber)) + survey.Supervisors.Sum(s => s.End.SequenceNumber),
            blobs,
            blobBytes,
            weights,
            plan.RootElement.GetProperty("plan").Clone()
        );
    }

    // The supervisors' records and the instances must be of the same moment: if one has new rows, everything is read
    // again.
    private static async Task<ExportSurvey> SurveyAsync(
        IJournal journal,
        string run,
        ImmutableArray<string> instances,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var state = await InstanceReader.ReadRunAsync(journal, run, cancellationToken)
                ?? throw new ArgumentException($"The journal has no run '{run}'.");
            var references = new BlobReferences();
            var supervisors = ImmutableArray.CreateBuilder<(PersistenceId, StreamState)>();
            foreach (var stream in await InstanceRows.SupervisorsAsync(journal, run, cancellationToken))
                supervisors.Add((stream, await FoldAsync(journal, stream, references, cancellationToken)));
            var ends = ImmutableArray.CreateBuilder<(string, InstanceStates)>();
            foreach (
                var instance in InstanceOrder.Of(state).Where(name => instances.IsEmpty || instances.Contains(name, StringComparer.Ordinal))
            )
                ends.Add((instance, await EndOfAsync(journal, state, instance, references, cancellationToken)));
            if (await IsStillAsync(journal, supervisors, cancellationToken))
                return new ExportSurvey(supervisors.DrainToImmutable(), ends.DrainToImmutable(), state.Plan!, references);
        }

        throw new JournalException($"The run {run} is being written faster than it is read: export it when it is idle.");
    }

    private static async Task<bool> IsStillAsync(
        IJournal journal,
        IEnumerable<(PersistenceId Stream, StreamState End)> supervisors,
        CancellationToken cancellationToken
    )
    {
        foreach (var (stream, end) in supervisors)
        {
            if (await journal.HighestSequenceNumberAsync(stream, cancellationToken) != end.SequenceNumber)
                return false;
        }

        return true;
    }

    private static async Task<StreamState> FoldAsync(
        IJournal journal,
        PersistenceId stream,
        BlobReferences references,
        CancellationToken cancellationToken
    )
    {
        var current = StreamState.Before(Loop.Supervision);
        await foreach (var row in journal.ReadAsync(stream, 1, long.MaxValue, cancellationToken))
        {
            current = current.Next(Loop.Supervision, row, FacultyEvents.Codec, out var happened);
            references.Take(RowPlace.Of(row, 0), happened);
        }

        return current;
    }

    private static async Task<InstanceStates> EndOfAsync(
        IJournal journal,
        SupervisorState run,
        string instance,
        BlobReferences references,
        CancellationToken cancellationToken
    )
    {
        var walk = new ReplayWalk(journal, run.Plan!.Run, instance);
        var (end, missing) = (InstanceStates.Unborn, 0L);
        while (true)
        {
            await foreach (var moment in walk.BehindAsync(end, [.. Loop.Faculties.Select(_ => long.MaxValue)], cancellationToken))
            {
                end = moment.After;
                references.Take(
                    new RowPlace(
                        PersistenceId.Of(run.Plan.Run, new FacultyAddress(instance, moment.Event.Faculty)),
                        0,
                        moment.SequenceNumber,
                        moment.Event.Index,
                        moment.Event.Manifest
                    ),
                    moment.Event.Happened
                );
            }

            if (walk.Gap is not { } gap)
                break;
            if (gap.Missing == missing)
                throw new CorruptJournalException(
                    $"the instance {run.Plan.Run}/{instance} has no event {gap.Missing}: the next one found is {gap.Next} ({gap.Manifest})"
                );
            missing = gap.Missing; // a stream has new rows; reading continues from there
        }

        await InstanceEnd.CheckAsync(journal, run, instance, end.Heads, cancellationToken);
        return end;
    }

    private static InstanceFileLine.Row Line(JournalRow row) =>
        new(row.PersistenceId, row.SequenceNumber, row.Manifest, row.Writer, row.CreatedTicks, row.Message);

    // Hashes the bytes that it writes.
    private sealed class HashingWriter(Stream output)
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private long _bytes;

        public long Rows { get; private set; }

        public async Task WriteAsync(InstanceFileLine line, CancellationToken cancellationToken)
        {
            var bytes = line.Write();
            _hash.AppendData(bytes.Span);
            _bytes += bytes.Length;
            Rows += line is InstanceFileLine.Row ? 1 : 0;
            await output.WriteAsync(bytes, cancellationToken);
        }

        public async Task<long> EndAsync(int blobs, CancellationToken cancellationToken)
        {
            var end = new InstanceFileLine.End(Rows, blobs, Convert.ToHexStringLower(_hash.GetHashAndReset())).Write();
            await output.WriteAsync(end, cancellationToken);
            _hash.Dispose();
            return _bytes + end.Length;
        }
    }
}
