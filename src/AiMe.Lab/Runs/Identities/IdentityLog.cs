using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Trainer;
using AiMe.Journal;

namespace AiMe.Lab.Runs.Identities;

/// <summary>
/// What became of the job that trains a run's identity, before the run is planned: the Trainer's events, one a line.
/// </summary>
/// <remarks>
/// Each append replaces the file atomically, so it is never incomplete. Once the run is planned, its plan has the model, and the
/// file is no longer needed.
/// </remarks>
internal sealed class IdentityLog(EventStore store, string run)
{
    private ImmutableArray<TrainerEvent> _events = [];

    /// <summary>The file; <c>aime delete</c> removes it with its run.</summary>
    public string Path => System.IO.Path.Combine(store.Root, "identity", $"{run}.jsonl");

    /// <summary>The events of earlier processes, in order; empty if there is no job yet.</summary>
    /// <exception cref="ModelPreparationException">The file was altered.</exception>
    public async Task<ImmutableArray<TrainerEvent>> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Path))
            return [];
        try
        {
            return _events = [.. (await File.ReadAllLinesAsync(Path, cancellationToken)).Where(l => l.Length > 0).Select(EventOf)];
        }
        catch (Exception e)
            when (e is System.Text.Json.JsonException or CorruptEventException or InvalidOperationException or InvalidCastException)
        {
            throw new ModelPreparationException(
                $"{Path} was altered: {e.Message} It says which training job the run submitted; restore it, or delete it to submit "
                    + "another job."
            );
        }
    }

    /// <summary>Makes further events durable.</summary>
    public async Task AppendAsync(ImmutableArray<TrainerEvent> happened)
    {
        _events = [.. _events, .. happened];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var text = string.Concat(_events.Select(LineOf));
        // not cancellable: a submission may follow from what is recorded here
        await AtomicFiles.WriteFileAsync(Path, Encoding.UTF8.GetBytes(text), CancellationToken.None);
    }

    /// <summary>Removes the file, if there is one.</summary>
    public void Remove()
    {
        if (File.Exists(Path))
            File.Delete(Path);
    }

    private static string LineOf(TrainerEvent happened) =>
        new JsonObject
        {
            ["manifest"] = FacultyEvents.Codec.ManifestOf(happened),
            ["data"] = JsonNode.Parse(FacultyEvents.Codec.Write(happened)),
        }.ToJsonString() + "\n";

    private static TrainerEvent EventOf(string line)
    {
        var node = JsonNode.Parse(line)!.AsObject();
        return (TrainerEvent)FacultyEvents.Codec.Read((string)node["manifest"]!, Encoding.UTF8.GetBytes(node["data"]!.ToJsonString()));
    }
}
