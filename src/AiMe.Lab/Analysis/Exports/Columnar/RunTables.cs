using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.History;

namespace AiMe.Lab.Analysis.Exports.Columnar;

/// <summary>Writes what belongs to one instance, or to the Supervisor, into the open tables.</summary>
internal sealed class RunTables(IJournal journal, SupervisorState run, bool unplanned, Action leftOut, TableSet tables)
{
    private readonly RunPlan _plan = run.Plan!;

    public async Task<ExportedInstance> WriteInstanceAsync(string name, CancellationToken cancellationToken)
    {
        var progress = run.Instances[name];
        var record = await InstanceRecord.ReadAsync(journal, run, name, cancellationToken);
        var events = record.Events;
        ImmutableArray<Probed> probed = [.. events.Select(e => e.Happened).OfType<Probed>()];
        var exported = new ExportedInstance(
            _plan,
            InstanceSummary.Of(_plan, record),
            progress,
            [.. probed.Select(p => p.Model.Value)],
            events.Length
        );
        await WriteExperiencesAsync(exported, events, cancellationToken);
        foreach (var row in probed.SelectMany(p => ProbeColumns.Rows(exported, p)))
            await tables.Probes.AddAsync(row, cancellationToken);
        foreach (var faculty in Loop.Faculties)
        {
            // what has been written since the reading above is left out, so that all tables show one moment
            var last = events.Count(e => e.Faculty == faculty.Name);
            var stream = PersistenceId.Of(_plan.Run, new FacultyAddress(name, faculty.Name));
            await foreach (var row in journal.ReadAsync(stream, 1, last, cancellationToken))
                await tables.Events.AddAsync(EventRow.Of(_plan.Run, name, faculty.Name, row), cancellationToken);
        }

        return exported;
    }

    public async Task WriteSupervisorsAsync(CancellationToken cancellationToken)
    {
        foreach (var id in await journal.PersistenceIdsAsync(Shard.StreamOf(_plan.Run, shard: null).Value, cancellationToken))
        {
            if (Shard.RunOf(id, out _) != _plan.Run)
                continue;
            var current = StreamState.Before(Loop.Supervision);
            await foreach (var row in journal.ReadAsync(id, 1, long.MaxValue, cancellationToken))
            {
                current = current.Next(Loop.Supervision, row, FacultyEvents.Codec, out _);
                await tables.Events.AddAsync(EventRow.Of(_plan.Run, null, FacultyAddress.Run, row), cancellationToken);
            }
        }
    }

    private async Task WriteExperiencesAsync(ExportedInstance of, ImmutableArray<InstanceEvent> events, CancellationToken cancellationToken)
    {
        var (name, progress) = (of.Summary.Instance, of.Progress);
        var memory = PersistenceId.Of(_plan.Run, new FacultyAddress(name, Loop.Memory));
        var kinds = await ExperienceKinds.OfAsync(journal, memory, progress, cancellationToken);
        foreach (var stored in SettledVerdicts.Of(events.Select(e => e.Happened)))
        {
            if (unplanned || kinds.Of(stored) == ExperienceKind.Planned)
                await tables.Experiences.AddAsync(
                    new(_plan.Run, name, progress.Variant, progress.Replicate, stored, kinds.Of(stored), kinds.Parent)
                    {
                        Charter = of.Summary.Charter,
                    },
                    cancellationToken
                );
            else
                leftOut();
        }
    }
}
