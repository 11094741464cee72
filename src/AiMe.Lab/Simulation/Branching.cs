using AiMe.Kernel;
using AiMe.Mind;
using AiMe.Runtime;
using AiMe.Runtime.Simulation;

namespace AiMe.Lab.Simulation;

/// <summary>A life that branches off from another which is at rest, and is then spoken to. Each part is done again where a crash undid it.</summary>
internal sealed class Branching(SimulatedMachine machine, Ledger ledger, RunPlan plan)
{
    private const string Name = "branch";
    private const string Arrival = "visit-branch";

    private readonly string _parent = RunPlan.NameOf(plan.Variants[0], 1);

    /// <summary>The next part, or null where all is done.</summary>
    /// <returns>Whom to tell what.</returns>
    public (Address To, Command Command)? Next(DateTime at)
    {
        if (ledger.EventsOf(Name).Count == 0)
            Copy();
        if (!ledger.Supervisor.Lives.ContainsKey(Name))
            return (Address.Supervisor, Join());
        return ledger.Supervisor.Arrivals.Contains(Arrival) ? null : (Address.Supervisor, new Give(Name, Arrival, new Input.Said("Who are you now?", "self"), at));
    }

    private JoinFork Join()
    {
        var (parent, forked) = (ledger.Supervisor.Lives[_parent], ledger.EventsOf(Name).OfType<Forked>().Last());
        return new JoinFork(Name, _parent, forked.Index, parent.Cycle, parent.Generation, HeadsOf(Name));
    }

    // As a fork is made: the rows with their links, and behind them the event that says so. No host has it in memory before the supervisor knows of it.
    private void Copy()
    {
        foreach (var faculty in Loop.Faculties)
        {
            var (from, to) = (PersistenceId.Of(plan.Run, new Address(_parent, faculty.Name)), PersistenceId.Of(plan.Run, new Address(Name, faculty.Name)));
            machine.Disk.Append(to, new WriterId("fork"), [.. machine.Disk.Rows(from).Select(r => new JournalEntry(r.SequenceNumber, r.Manifest, r.Message))], machine.Clock.GetUtcNow().UtcTicks);
        }

        var self = ledger.LineOf(new Address(Name, Loop.Self))!;
        var index = Loop.Faculties.Max(f => ledger.LineOf(new Address(Name, f.Name))!.State.Index);
        var forked = self.Faculty.Decide(self.State.State, new BecomeFork(Name, _parent, index, HeadsOf(Name))).Events[0];
        var (manifest, data) = (MindEvents.Catalogue.ManifestOf(forked), MindEvents.Catalogue.Write(forked));
        var link = self.State.Head.Next(self.State.SequenceNumber + 1, index + 1, manifest, data);
        machine.Disk.Append(self.Id, new WriterId("fork"), [new JournalEntry(self.State.SequenceNumber + 1, manifest, new Envelope(index + 1, data, link).Write())], machine.Clock.GetUtcNow().UtcTicks);
        machine.Schedule?.Note(Name, $"is a copy of {_parent} up to event {index}");
    }

    private Heads HeadsOf(string instance) => new([.. Loop.Faculties.Select(f => ledger.LineOf(new Address(instance, f.Name))!.State.Head)]);
}
